//! Samples in batches.

use super::{Dataset, Shuffle};
use crate::error::Error;
use crate::tensor::{Row, Tensor, Zero};
use rand_core::Rng;

/// `data` in batches of `B` samples, one a row, for networks that take a matrix
/// ([`batch_network!`](crate::batch_network)). The samples that a last batch would lack others for are left out; shuffled anew
/// for every epoch, they are others each time. *Memory:* that of a [`Shuffle`].
///
/// ```
/// use kilograd::prelude::*;
/// use kilograd::train::Batches;
///
/// let data = [1.0, 2.0, 3.0, 4.0, 5.0].map(|x| (Vector::new([x]), x as usize));
/// let batches = Batches::<_, 2>::in_order(&data);
/// let mut input = Matrix::ZERO;
/// assert_eq!(batches.load(1, &mut input), Ok([3, 4]));
/// assert_eq!((batches.len(), input), (2, Matrix::new([[3.0], [4.0]])));
/// ```
#[derive(Clone, Debug)]
pub struct Batches<'d, D: ?Sized, const B: usize> {
    data: &'d D,
    order: Option<Shuffle>,
}

impl<'d, D: Dataset + ?Sized, const B: usize> Batches<'d, D, B> {
    /// The samples as they come.
    pub fn in_order(data: &'d D) -> Self {
        Self { data, order: None }
    }

    /// The samples in an order that a random generator decides.
    pub fn shuffled(data: &'d D, rng: &mut impl Rng) -> Self {
        Self { data, order: Some(Shuffle::new(data.len(), rng)) }
    }

    /// Loads the sample of a batch's row.
    fn load_row(&self, first: usize, row: usize, input: &mut D::Input) -> Result<D::Target, Error> {
        let place = first.saturating_add(row);
        let index = self.order.as_ref().map_or(Some(place), |order| order.get(place));
        self.data.load(index.ok_or(self.data.out_of_range(place))?, input)
    }
}

impl<D: Dataset + ?Sized, const B: usize> Dataset for Batches<'_, D, B>
where
    D::Input: Row,
    D::Target: Clone,
{
    type Input = <D::Input as Row>::Rows<B>;
    type Target = [D::Target; B];

    fn len(&self) -> usize {
        self.data.len().checked_div(B).unwrap_or(0)
    }

    fn load(&self, index: usize, input: &mut Self::Input) -> Result<Self::Target, Error> {
        if index >= self.len() {
            return Err(self.out_of_range(index));
        }
        let (first, mut sample) = (index.saturating_mul(B), D::Input::ZERO);
        let target = self.load_row(first, 0, &mut sample)?;
        let mut targets = core::array::from_fn(|_| target.clone());
        let mut rows = input.as_mut_slice();
        for (row, target) in targets.iter_mut().enumerate() {
            *target = self.load_row(first, row, &mut sample)?;
            let sample = sample.as_slice();
            let Some((to, rest)) = core::mem::take(&mut rows).split_at_mut_checked(sample.len()) else { break };
            to.iter_mut().zip(sample).for_each(|(to, x)| *to = *x);
            rows = rest;
        }
        Ok(targets)
    }
}
