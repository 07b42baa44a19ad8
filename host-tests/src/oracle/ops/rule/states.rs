//! What the oracle calls the parts of each rule's state.

use super::Stateful;
use kilograd::optim::{
    AdaBelief, AdaDelta, AdaGrad, AdaMax, Adafactor, Adam, AmsGrad, Asgd, CenteredRmsProp, Lion, Momentum, NAdam, RAdam, RmsProp,
    Rprop, Rule, Sgd, SignSgd, Tensorwise, Then, TrustRatio, WeightDecay, Yogi, book,
};

/// Gives each rule's state the oracle's names, and views of the vectors that hold it.
macro_rules! named {
    ($($rule:ty: $names:tt $(, $once:item)?;)*) => { $(
        impl Stateful for $rule {
            fn names() -> Vec<&'static str> {
                named!(@names $names)
            }

            fn slices(vectors: &mut [Vec<f32>]) -> Self::View<'_> {
                named!(@slices vectors $names)
            }

            $($once)?
        }
    )* };
    (@names ()) => { vec![] };
    (@names ($a:ident)) => { vec![stringify!($a)] };
    (@names ($a:ident, $b:ident)) => { vec![stringify!($a), stringify!($b)] };
    (@names ($a:ident, $b:ident, $c:ident)) => { vec![stringify!($a), stringify!($b), stringify!($c)] };
    (@slices $vectors:ident ()) => { {
        let _ = $vectors;
    } };
    (@slices $vectors:ident ($a:ident)) => {
        match $vectors {
            [a, ..] => a,
            _ => &mut [],
        }
    };
    (@slices $vectors:ident ($a:ident, $b:ident)) => {
        match $vectors {
            [a, b, ..] => (a, b),
            _ => (&mut [], &mut []),
        }
    };
    (@slices $vectors:ident ($a:ident, $b:ident, $c:ident)) => {
        match $vectors {
            [a, b, c, ..] => (a, (b, c)),
            _ => (&mut [], (&mut [], &mut [])),
        }
    };
}

named! {
    AdaBelief: (m, v);
    AdaDelta: (v, acc_delta);
    AdaGrad: (sum);
    AdaMax: (m, u);
    // Vectors of other lengths than the weights: `tensorwise` has their recorded cases.
    Adafactor: (row_var, col_var);
    Adam: (m, v);
    AmsGrad: (m, v, vmax);
    Asgd: (ax), fn once(&self, step: u32, rate: f32) -> Vec<(&'static str, f32)> {
        // Recorded after a step is what the next one uses.
        let next = self.plan::<()>(step + 1, rate, None);
        vec![("eta", next.rate), ("mu", next.share)]
    };
    CenteredRmsProp: (v, gavg);
    Lion: (m);
    Momentum: (buf);
    NAdam: (m, v), fn once(&self, step: u32, rate: f32) -> Vec<(&'static str, f32)> {
        vec![("mu_product", self.plan::<()>(step, rate, None).momentum_product)]
    };
    RAdam: (m, v);
    RmsProp: (v);
    Rprop: (prev, step_size);
    Sgd: ();
    SignSgd: ();
    TrustRatio: ();
    WeightDecay: ();
    Yogi: (m, v);
    book::Nesterov: (v);
    book::RmsProp: (r);
}

impl<A: Stateful, B: Stateful + Tensorwise> Stateful for Then<A, B> {
    fn names() -> Vec<&'static str> {
        [A::names(), B::names()].concat()
    }

    fn slices(vectors: &mut [Vec<f32>]) -> Self::View<'_> {
        let (a, b) = vectors.split_at_mut(A::names().len());
        (A::slices(a), B::slices(b))
    }

    fn once(&self, step: u32, rate: f32) -> Vec<(&'static str, f32)> {
        [self.0.once(step, rate), self.1.once(step, rate)].concat()
    }
}
