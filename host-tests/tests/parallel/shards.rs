//! Every sample belongs to one worker.

use kilograd::Error;
use kilograd::prelude::*;
use kilograd::train::parallel::Shard;

#[test]
fn shards_are_disjoint_and_hold_everything() {
    for samples in [0, 1, 2, 7, 12] {
        let data: Vec<_> = (0..samples).map(|i| (Vector::new([i as f32]), i)).collect();
        for workers in 1..=9 {
            let mut seen = Vec::new();
            for worker in 0..workers {
                let shard = Shard::new(&data[..], worker, workers).unwrap();
                assert!(shard.len().abs_diff(samples / workers) <= 1);
                let mut input = Vector::ZERO;
                seen.extend((0..shard.len()).map(|i| shard.load(i, &mut input).unwrap()));
                for past in [shard.len(), usize::MAX] {
                    let error = Error::SampleOutOfRange { index: past, samples: shard.len() };
                    assert_eq!(shard.load(past, &mut input), Err(error));
                }
            }
            seen.sort_unstable();
            assert!(seen.into_iter().eq(0..samples));
        }
    }
}

#[test]
fn a_worker_that_does_not_exist_has_none() {
    let data = [(Vector::new([0.0]), 0)];
    for (worker, workers) in [(0, 0), (3, 3), (usize::MAX, 1)] {
        assert_eq!(Shard::new(&data, worker, workers).err(), Some(Error::WorkerOutOfRange { worker, workers }));
    }
}
