use kilograd::solver::line::StrongWolfe;
use kilograd::solver::*;
use kilograd::tensor::*;
use kilograd_host_tests::objectives::*;

fn run<const N: usize, S: Solver<N>>(name: &str, solver: S, objective: &mut impl Objective<N>, x0: &[f32], iterations: u32) {
    for gradient in [1e-3, 1e-5] {
        let mut point = Vector::from_fn(|i| x0[i]);
        let mut ws = Box::new(Workspace::<N, S>::ZERO);
        let r = solver.minimize(objective, &mut point, &mut ws, &Stopping { gradient, iterations });
        match r {
            Ok(r) => println!(
                "{name:12} {gradient:e} {:?} it {} v {} g {} f {:e} ginf {:e} x {:?}",
                r.stop,
                r.iterations,
                r.evaluations.values,
                r.evaluations.gradients,
                r.value,
                r.gradient,
                &point.as_array()[..2]
            ),
            Err(e) => println!("{name} {e}"),
        }
    }
}

fn all<const N: usize>(objective: &mut impl Objective<N>, x0: &[f32]) {
    for c2 in [0.1, 0.4] {
        let search = StrongWolfe { curvature: c2, ..StrongWolfe::DEFAULT };
        run(&format!("pr {c2}"), ConjugateGradient { search, ..ConjugateGradient::POLAK_RIBIERE }, objective, x0, 500);
        run(&format!("fr {c2}"), ConjugateGradient { search, ..ConjugateGradient::FLETCHER_REEVES }, objective, x0, 500);
    }
    run("bfgs", Bfgs::DEFAULT, objective, x0, 500);
    run("lbfgs", Lbfgs::<5>::DEFAULT, objective, x0, 500);
    run("lbfgs1", Lbfgs::<1>::DEFAULT, objective, x0, 500);
    run("scg", ScaledConjugateGradient, objective, x0, 1500);
    run("newton", Newton, objective, x0, 500);
    run("damped", DampedNewton::DEFAULT, objective, x0, 500);
    run("saddle", SaddleFreeNewton::DEFAULT, objective, x0, 500);
    run("lincg", LinearConjugateGradient, objective, x0, 100);
}

#[test]
fn explore() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/oracle/second_order.json")).unwrap();
    let doc: serde_json::Value = serde_json::from_str(&text).unwrap();
    for case in doc["cases"].as_array().unwrap() {
        println!("== {}", case["id"]);
        let get = |n: &str| -> Vec<f32> {
            case["in"][n]["f32"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap() as f32).collect()
        };
        let x0 = get("x0");
        match case["id"].as_str().unwrap() {
            "rosenbrock_n2" => all::<2>(&mut Rosenbrock, &x0),
            "rosenbrock_n6" => all::<6>(&mut Rosenbrock, &x0),
            id if id.starts_with("quad") => {
                let (a, b) = (get("A"), get("b"));
                all::<10>(
                    &mut Quadratic { matrix: Matrix::from_fn(|i, j| a[i * 10 + j]), linear: Vector::from_fn(|i| b[i]) },
                    &x0,
                )
            }
            _ => {
                let x = get("X");
                let y = case["in"]["y"]["int"].as_array().unwrap();
                let samples = x.chunks(5).zip(y).map(|(x, y)| (x.try_into().unwrap(), y.as_u64().unwrap() as usize)).collect();
                all::<15>(&mut LogisticRegression::<5, 3> { samples, decay: 0.01 }, &x0)
            }
        }
    }
}
