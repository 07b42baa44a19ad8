//! The weighted sums of four samples: tiles of four samples and four columns, then two, that stay in registers over all inputs.

use core::arch::naked_asm;

/// `cₛⱼ ← biasⱼ + Σᵢ aₛᵢ·bᵢⱼ` for four samples and all columns but the last of an odd number; returns how many columns.
///
/// `c` has a row for each sample, as long as `bias`.
///
/// *Order:* one running sum per element, from the bias, over the inputs in natural order.
#[inline(always)]
pub fn sample_sums(a: [&[f32]; 4], b: &[f32], bias: &[f32], c: &mut [f32]) -> Option<usize> {
    let outputs = bias.len();
    let rows = b.len().checked_div(outputs).unwrap_or(0);
    let inputs = a.iter().fold(rows, |inputs, a| inputs.min(a.len()));
    let fours = outputs >> 2;
    if outputs < 2 || inputs == 0 || c.len() >> 2 < outputs {
        return Some(0);
    }
    let a = a.map(<[f32]>::as_ptr);
    // SAFETY: each of `a` has `inputs` elements and `b` `inputs` rows of `outputs`, by the minimum and the quotient; `bias` has
    // `outputs` elements, `c` four times as many, and `outputs` is at least `4 * fours`. `inputs` is not zero. `c` is borrowed alone.
    unsafe { sample_sum_tiles(&a, b.as_ptr(), bias.as_ptr(), c.as_mut_ptr(), inputs, outputs, fours) };
    Some(outputs & !1)
}

/// One input of a tile, `$at` bytes on in each sample, and on to the next row of B: 42 cycles for 16 products and sums, 164 bytes.
macro_rules! input {
    ($at:literal) => {
        concat!(
            "vldr s0, [r8, #",
            $at,
            "]; vldr s1, [r9, #",
            $at,
            "]; vldr s2, [r10, #",
            $at,
            "]; vldr s3, [r11, #",
            $at,
            "]
            vldr s4, [r12]; vldr s5, [r12, #4]; vldr s6, [r12, #8]; vldr s7, [r12, #12]
            add.w r12, r12, r5
            vmul.f32 s8, s4, s0; vmul.f32 s9, s5, s0; vmul.f32 s10, s6, s0; vmul.f32 s11, s7, s0
            vmul.f32 s12, s4, s1; vmul.f32 s13, s5, s1; vmul.f32 s14, s6, s1; vmul.f32 s15, s7, s1
            vadd.f32 s16, s16, s8; vadd.f32 s17, s17, s9; vadd.f32 s18, s18, s10; vadd.f32 s19, s19, s11
            vadd.f32 s20, s20, s12; vadd.f32 s21, s21, s13; vadd.f32 s22, s22, s14; vadd.f32 s23, s23, s15
            vmul.f32 s8, s4, s2; vmul.f32 s9, s5, s2; vmul.f32 s10, s6, s2; vmul.f32 s11, s7, s2
            vmul.f32 s12, s4, s3; vmul.f32 s13, s5, s3; vmul.f32 s14, s6, s3; vmul.f32 s15, s7, s3
            vadd.f32 s24, s24, s8; vadd.f32 s25, s25, s9; vadd.f32 s26, s26, s10; vadd.f32 s27, s27, s11
            vadd.f32 s28, s28, s12; vadd.f32 s29, s29, s13; vadd.f32 s30, s30, s14; vadd.f32 s31, s31, s15\n"
        )
    };
}

/// One input of a tile of two columns: 24 cycles for 8 products and sums, 92 bytes.
macro_rules! input_of_pair {
    ($at:literal) => {
        concat!(
            "vldr s0, [r8, #",
            $at,
            "]; vldr s1, [r9, #",
            $at,
            "]; vldr s2, [r10, #",
            $at,
            "]; vldr s3, [r11, #",
            $at,
            "]
            vldr s4, [r12]; vldr s5, [r12, #4]
            add.w r12, r12, r5
            vmul.f32 s8, s4, s0; vmul.f32 s9, s5, s0; vmul.f32 s10, s4, s1; vmul.f32 s11, s5, s1
            vmul.f32 s12, s4, s2; vmul.f32 s13, s5, s2; vmul.f32 s14, s4, s3; vmul.f32 s15, s5, s3
            vadd.f32 s16, s16, s8; vadd.f32 s17, s17, s9; vadd.f32 s18, s18, s10; vadd.f32 s19, s19, s11
            vadd.f32 s20, s20, s12; vadd.f32 s21, s21, s13; vadd.f32 s22, s22, s14; vadd.f32 s23, s23, s15\n"
        )
    };
}

/// Four samples, `fours` times four columns: 2.66 cycles per product and sum in the loop, and about 50 a tile; then two columns, if
/// that many are left: 3.25 cycles in the loop, which takes four inputs.
///
/// s16 to s31 are the tile, r8 to r11 run along the samples, r12 down B. The loop takes sixteen inputs; where they are not a
/// multiple of that, it is entered (lr) that many later at first, and r8 to r11 begin that many early.
///
/// # Safety
/// Each of `a` must have `inputs` elements to read, `b` `inputs * outputs`, `bias` `4 * fours`, and `c` `4 * outputs` to write,
/// which overlap with nothing, `bias` and `c` for two columns more if `outputs` has the bit of two; `inputs` must not be zero, nor
/// `4 * fours` larger than `outputs`.
#[unsafe(naked)]
unsafe extern "C" fn sample_sum_tiles(
    a: &[*const f32; 4],
    b: *const f32,
    bias: *const f32,
    c: *mut f32,
    inputs: usize,
    outputs: usize,
    fours: usize,
) {
    naked_asm!(
        ".fpu fpv4-sp-d16", // what the ABI has anyway; assembly outside of Rust functions is not told
        "push {r4-r11, lr}",
        "vpush {d8-d15}",
        "ldrd r6, r5, [sp, #100]",
        "ldr r7, [sp, #108]",
        "lsl r5, r5, #2", // a row of B or C in bytes
        "ldmia r0, {r8-r11}",
        "rsb r4, r6, #0",
        "and r4, r4, #15", // inputs that the first round leaves out
        "sub r8, r8, r4, lsl #2",
        "sub r9, r9, r4, lsl #2",
        "sub r10, r10, r4, lsl #2",
        "sub r11, r11, r4, lsl #2",
        "add r6, r6, #15",
        "lsr r6, r6, #4", // rounds of the loop
        "adr lr, 3f",
        "mov r12, #164",
        "mla lr, r4, r12, lr",
        "add lr, lr, #1", // Thumb
        "cmp r7, #0",
        "beq 4f",
        "2:",
        "vldmia r2!, {s16-s19}",
        "vmov s20, s16; vmov s21, s17; vmov s22, s18; vmov s23, s19",
        "vmov s24, s16; vmov s25, s17; vmov s26, s18; vmov s27, s19",
        "vmov s28, s16; vmov s29, s17; vmov s30, s18; vmov s31, s19",
        "mov r12, r1",
        "mov r4, r6",
        "bx lr",
        "3:",
        input!("0"),
        input!("4"),
        input!("8"),
        input!("12"),
        input!("16"),
        input!("20"),
        input!("24"),
        input!("28"),
        input!("32"),
        input!("36"),
        input!("40"),
        input!("44"),
        input!("48"),
        input!("52"),
        input!("56"),
        input!("60"),
        "add r8, r8, #64",
        "add r9, r9, #64",
        "add r10, r10, #64",
        "add r11, r11, #64",
        "subs r4, r4, #1",
        "bne 3b",
        "vstr s16, [r3]; vstr s17, [r3, #4]; vstr s18, [r3, #8]; vstr s19, [r3, #12]",
        "add r0, r3, r5",
        "vstr s20, [r0]; vstr s21, [r0, #4]; vstr s22, [r0, #8]; vstr s23, [r0, #12]",
        "add r0, r0, r5",
        "vstr s24, [r0]; vstr s25, [r0, #4]; vstr s26, [r0, #8]; vstr s27, [r0, #12]",
        "add r0, r0, r5",
        "vstr s28, [r0]; vstr s29, [r0, #4]; vstr s30, [r0, #8]; vstr s31, [r0, #12]",
        "sub r8, r8, r6, lsl #6",
        "sub r9, r9, r6, lsl #6",
        "sub r10, r10, r6, lsl #6",
        "sub r11, r11, r6, lsl #6",
        "add r1, r1, #16",
        "add r3, r3, #16",
        "subs r7, r7, #1",
        "bne 2b",
        "4:",
        // Two columns.
        "tst r5, #8",
        "beq 6f",
        "ldr r6, [sp, #100]",
        "rsb r4, r6, #0",
        "and r4, r4, #12", // what was left out of sixteen and is not out of four
        "add r8, r8, r4, lsl #2",
        "add r9, r9, r4, lsl #2",
        "add r10, r10, r4, lsl #2",
        "add r11, r11, r4, lsl #2",
        "rsb r4, r6, #0",
        "and r4, r4, #3",
        "add r6, r6, #3",
        "lsr r6, r6, #2",
        "adr lr, 5f + 1",
        "mov r12, #92",
        "mla lr, r4, r12, lr",
        "vldmia r2!, {s16-s17}",
        "vmov s18, s16; vmov s19, s17; vmov s20, s16; vmov s21, s17; vmov s22, s16; vmov s23, s17",
        "mov r12, r1",
        "bx lr",
        ".balign 4",
        "5:",
        input_of_pair!("0"),
        input_of_pair!("4"),
        input_of_pair!("8"),
        input_of_pair!("12"),
        "add r8, r8, #16",
        "add r9, r9, #16",
        "add r10, r10, #16",
        "add r11, r11, #16",
        "subs r6, r6, #1",
        "bne 5b",
        "vstr s16, [r3]; vstr s17, [r3, #4]",
        "add r0, r3, r5",
        "vstr s18, [r0]; vstr s19, [r0, #4]",
        "add r0, r0, r5",
        "vstr s20, [r0]; vstr s21, [r0, #4]",
        "add r0, r0, r5",
        "vstr s22, [r0]; vstr s23, [r0, #4]",
        "6:",
        "vpop {d8-d15}",
        "pop {r4-r11, pc}",
        options(raw),
    )
}
