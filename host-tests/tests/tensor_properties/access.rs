//! Elements and rows by number, inside and outside; the largest element.

use crate::draw::{matrix, vector};
use kilograd::tensor::{Matrix, Parameters, Tensor, Vector};
use proptest::prelude::*;

/// Numbers around the ends of a range, and far beyond.
fn index() -> impl Strategy<Value = usize> {
    prop_oneof![4 => 0..12_usize, 1 => Just(usize::MAX), 1 => any::<usize>()]
}

proptest! {
    #[test]
    fn elements_of_a_vector(mut v in vector::<5>(), i in index()) {
        let want = v.as_slice().get(i).copied();
        prop_assert_eq!((v.get(i), want.is_some()), (want, i < 5));
        prop_assert_eq!(v.get_mut(i).map(|x| std::mem::replace(x, 7.0)), want);
        prop_assert_eq!(v.get(i), want.map(|_| 7.0));
    }

    #[test]
    fn elements_of_a_matrix(mut a in matrix::<3, 5>(), i in index(), j in index()) {
        let want = if j < 5 { a.as_slice().get(i.saturating_mul(5).saturating_add(j)).copied() } else { None };
        prop_assert_eq!((a.get(i, j), want.is_some()), (want, i < 3 && j < 5));
        prop_assert_eq!(a.get_mut(i, j).map(|x| std::mem::replace(x, 7.0)), want);
        prop_assert_eq!(a.get(i, j), want.map(|_| 7.0));
    }

    #[test]
    fn rows_of_a_matrix(mut a in matrix::<3, 5>(), i in index()) {
        let want = a.as_slice().chunks(5).nth(i).map(<[f32]>::to_vec);
        prop_assert_eq!(a.row(i).map(|row| row.to_vec()), want.clone());
        prop_assert_eq!(a.row_mut(i).map(|row| row.to_vec()), want.clone());
        prop_assert_eq!(want.is_some(), i < 3);
        prop_assert_eq!(a.as_rows().as_flattened(), a.as_slice());
    }

    #[test]
    fn a_matrix_transposed_twice_is_itself(a in matrix::<4, 7>()) {
        let (mut once, mut twice) = (Matrix::<7, 4>::default(), Matrix::default());
        a.transpose(&mut once);
        once.transpose(&mut twice);
        prop_assert_eq!(twice, a);
    }

    #[test]
    fn argmax_is_the_first_of_the_largest(v in prop::array::uniform7(prop_oneof![
        Just(-1.0_f32), Just(0.0), Just(-0.0), Just(1.0), Just(f32::INFINITY), Just(f32::NEG_INFINITY),
    ])) {
        let largest = v.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        prop_assert_eq!(Vector::new(v).argmax(), v.iter().position(|x| *x == largest));
    }

    #[test]
    fn argmax_of_a_nan_is_none(mut v in vector::<5>(), i in 0..5_usize) {
        v.as_mut_array()[i] = f32::NAN;
        prop_assert_eq!(v.argmax(), None);
    }

    #[test]
    fn groups_are_visited_in_order(a in matrix::<2, 3>(), b in vector::<4>()) {
        let mut seen = Vec::new();
        (a.clone(), b.clone()).visit(&mut |group| seen.push(group.to_vec()));
        prop_assert_eq!(seen, [a.as_slice(), b.as_slice()]);
        let mut longer = 0;
        (a, b).visit_mut(&mut |group| longer += group.len());
        prop_assert_eq!(longer, <(Matrix<2, 3>, Vector<4>)>::COUNT);
    }

    #[test]
    fn groups_meet_those_in_the_same_place(a in matrix::<2, 3>(), b in vector::<4>(), c in vector::<5>()) {
        let (groups, others) = (((a.clone(), b.clone()), c.clone()), (b.clone(), a.clone()));
        let mut seen = Vec::new();
        groups.visit_with(&others, &mut |x, y| seen.push((x.to_vec(), y.to_vec())));
        // The third group has nothing to meet, whichever way round.
        let pair = |x: &[f32], y: &[f32]| (x.to_vec(), y.to_vec());
        prop_assert_eq!(&seen, &[pair(a.as_slice(), b.as_slice()), pair(b.as_slice(), a.as_slice())]);
        let mut again = Vec::new();
        let mut others = others;
        others.visit_mut_with(&groups, &mut |y, x| {
            again.push((x.to_vec(), y.to_vec()));
            y.fill(1.0);
        });
        prop_assert_eq!(again, seen);
        prop_assert_eq!(others, (Vector::from_fn(|_| 1.0), Matrix::from_fn(|_, _| 1.0)));
        groups.visit_with(&(), &mut |_, _| unreachable!("there is no other group"));
    }
}

#[test]
fn argmax_of_nothing_is_none() {
    assert_eq!(Vector::<0>::new([]).argmax(), None);
}
