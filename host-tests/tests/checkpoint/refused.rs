//! What cannot be used is refused with the reason, and changes nothing.

use kilograd::checkpoint::{self, Error, HEADER, Header, Label, Slots, Weights, from_bytes, to_bytes};
use kilograd::prelude::*;
use kilograd::train::Mode;
use kilograd_host_tests::flash::MockFlash;
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

type Flash = MockFlash<4, 256, 4>;
type Net = network![3 => 4 => Tanh => 2];
type Ram = Memory<Net, Momentum>;

fn trained() -> Ram {
    let mut memory = Ram::ZERO;
    memory.network.initialize(&GlorotUniform, Bias::Constant(0.5), &mut Xoshiro128PlusPlus::seed_from_u64(1));
    memory
}

/// A flash with one checkpoint in its first slot, and the checkpoint's length.
fn saved() -> (Flash, usize) {
    let mut slots = Slots::open(Flash::default(), 0..1024).unwrap();
    slots.save(&trained()).unwrap();
    let mut bytes = [0; 512];
    (slots.release(), to_bytes(&trained(), 1, &mut bytes).unwrap())
}

/// Loads from a flash into a fresh memory, which a refusal must leave alone.
fn load(flash: Flash) -> Result<u32, Error<kilograd_host_tests::flash::Refusal>> {
    let mut memory = Ram::ZERO;
    let result = Slots::open(flash, 0..1024).unwrap().load(&mut memory);
    let want = if result.is_ok() { trained().network } else { Net::ZERO };
    assert_eq!(memory.network, want);
    result
}

#[test]
fn flash_and_slices_hold_the_same_bytes() {
    let (flash, length) = saved();
    let mut bytes = vec![0; length];
    to_bytes(&trained(), 1, &mut bytes).unwrap();
    assert_eq!(flash.bytes[..length], bytes);
}

#[test]
fn every_flipped_bit_is_found_and_the_older_checkpoint_taken() {
    let (flash, length) = saved();
    let mut slots = Slots::open(flash.clone(), 0..1024).unwrap();
    slots.save(&trained()).unwrap();
    let both = slots.release();
    for bit in 0..8 * length {
        let mut one = flash.clone();
        one.bytes[bit / 8] ^= 1 << (bit % 8);
        let want = if bit < 8 * HEADER { Error::Torn } else { Error::Damaged };
        assert_eq!(load(one), Err(want), "bit {bit}");
        let mut two = both.clone();
        two.bytes[512 + bit / 8] ^= 1 << (bit % 8);
        assert_eq!(load(two), Ok(1), "bit {bit}");
    }
}

#[test]
fn flips_after_opening_are_found_too() {
    let (flash, _) = saved();
    let mut slots = Slots::open(flash, 0..1024).unwrap();
    slots.save(&trained()).unwrap();
    // A flash whose second read differs: the slots are opened, then the newest is damaged.
    let mut flash = slots.release();
    let opened = Slots::open(flash.clone(), 0..1024).unwrap();
    assert_eq!(opened.sequence(), Some(2));
    flash.bytes[600] ^= 1;
    assert_eq!(load(flash), Ok(1));
}

#[test]
fn blank_and_torn() {
    assert_eq!(load(Flash::default()), Err(Error::Blank));
    let mut flash = Flash::default();
    flash.bytes[HEADER..HEADER + 4].fill(7);
    assert_eq!(load(flash), Err(Error::Torn));
    let mut flash = Flash::default();
    flash.bytes[..100].copy_from_slice(&[b'x'; 100]);
    assert_eq!(load(flash), Err(Error::Torn));
}

/// Like a header of another version, which is as long and has its checksum in the same place.
fn of_version(header: [u8; HEADER], version: u16) -> [u8; HEADER] {
    let mut bytes = header;
    bytes[4..6].copy_from_slice(&version.to_le_bytes());
    let mut crc = 0xFFFF_FFFF_u32;
    for byte in &bytes[..HEADER - 4] {
        crc ^= u32::from(*byte);
        (0..8).for_each(|_| crc = (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()));
    }
    bytes[HEADER - 4..].copy_from_slice(&(!crc).to_le_bytes());
    bytes
}

#[test]
fn other_versions() {
    let (mut flash, _) = saved();
    let header: [u8; HEADER] = flash.bytes[..HEADER].try_into().unwrap();
    assert_eq!(of_version(header, checkpoint::VERSION), header, "the test's checksum is the format's");
    for version in [0, 2, 999] {
        flash.bytes[..HEADER].copy_from_slice(&of_version(header, version));
        assert_eq!(load(flash.clone()), Err(Error::Version { found: version }));
    }
}

/// What restoring into another type says.
fn foreign<N: kilograd::layer::Layer, R: Rule, M: Mode>() -> Result<u32, Error> {
    let mut bytes = [0; 512];
    let length = to_bytes(&trained(), 1, &mut bytes).unwrap();
    from_bytes(&mut *Box::new(Memory::<N, R, M>::ZERO), &bytes[..length])
}

#[test]
fn other_shapes() {
    assert_eq!(foreign::<Net, Momentum, Fused>(), Ok(1));
    assert!(matches!(foreign::<Net, Sgd, Fused>(), Err(Error::Shape { .. })));
    assert!(matches!(foreign::<Net, Adam, Fused>(), Err(Error::Shape { .. })));
    assert!(matches!(foreign::<Net, Momentum, Accumulated>(), Err(Error::Shape { .. })));
    // As many parameters in other places: 3·4 + 4 + 4·2 + 2.
    assert!(matches!(foreign::<network![12 => 2], Momentum, Fused>(), Err(Error::Shape { .. })));
    // Of a rule that remembers as much, only a label tells.
    assert_eq!(foreign::<Net, kilograd::optim::RmsProp, Fused>(), Ok(1));
    let mut bytes = [0; 512];
    to_bytes(&(Label(1), &trained()), 1, &mut bytes).unwrap();
    assert!(matches!(from_bytes(&mut (Label(2), Box::new(Ram::ZERO).as_mut()), &bytes), Err(Error::Shape { .. })));
    assert_eq!(from_bytes(&mut (Label(1), Box::new(Ram::ZERO).as_mut()), &bytes), Ok(1));
}

#[test]
fn a_network_of_other_shapes_stays_until_it_is_overwritten() {
    let (flash, _) = saved();
    let mut slots = Slots::open(flash, 0..1024).unwrap();
    let mut other = <network![2 => 1]>::ZERO;
    assert!(matches!(slots.load(&mut Weights(&mut other)), Err(Error::Shape { .. })));
    assert_eq!(slots.save(&Weights(&mut other)), Ok(2));
    assert_eq!(slots.load(&mut Weights(&mut other)), Ok(2));
}

#[test]
fn no_room() {
    let mut bytes = [0; 512];
    let needed = to_bytes(&trained(), 1, &mut bytes).unwrap();
    for room in 0..needed {
        assert_eq!(to_bytes(&trained(), 1, &mut bytes[..room]), Err(Error::NoRoom { needed, room }));
        assert!(from_bytes(Box::new(Ram::ZERO).as_mut(), &bytes[..room]).is_err());
    }
    let mut slots = Slots::open(MockFlash::<4, 128, 2>::default(), 0..256).unwrap();
    assert_eq!(slots.save(&trained()), Err(Error::NoRoom { needed, room: 128 }));
}

#[test]
fn ranges_that_are_no_two_slots() {
    #[allow(clippy::reversed_empty_ranges)] // Nonsense is what is tried.
    for range in [0..0, 0..256, 256..128, 1..513, 0..768, 512..1536, 0..100, 0..u32::MAX] {
        assert_eq!(Slots::open(Flash::default(), range.clone()).err(), Some(Error::Geometry), "{range:?}");
    }
    assert!(Slots::open(Flash::default(), 256..768).is_ok());
    assert_eq!(Slots::open(MockFlash::<64, 256, 4>::default(), 0..1024).err(), Some(Error::Geometry));
    assert_eq!(Slots::open(MockFlash::<4, 16, 64>::default(), 0..1024).err(), Some(Error::Geometry));
}

#[test]
fn messages_say_what_to_do() {
    let shape = Error::<()>::Shape { found: 1, expected: 2 };
    assert_eq!(
        shape.to_string(),
        "the checkpoint has shapes 0000000000000001, this program has 0000000000000002: another network or rule"
    );
    for error in [Error::Blank, Error::Torn, Error::Damaged, Error::Version { found: 3 }, Error::Geometry, Error::Flash(())] {
        assert!(error.to_string().len() > 15);
    }
    let header = Header { shape: 1, sequence: 2, words: 0, checksum: 0 };
    assert_eq!(Header::decode(&header.encode()), Ok(header));
}
