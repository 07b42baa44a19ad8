//! Dot products of neighbouring rows with one vector: four rows at a time.

use core::arch::naked_asm;

/// `outputᵢ ← Σⱼ rowsᵢⱼ·deltasⱼ` for every four rows that there are, and an output for each; returns how many rows that were.
///
/// *Order:* that of [`matvec_transposed`](crate::kernel::matvec_transposed).
#[inline(always)]
pub fn dot_rows(rows: &[f32], deltas: &[f32], output: &mut [f32]) -> Option<usize> {
    let fours = rows.len().checked_div(deltas.len()).unwrap_or(0).min(output.len()) >> 2;
    if fours > 0 {
        // SAFETY: by the quotient `rows` has `4 * fours` rows of `deltas.len()` elements, and `output` as many elements; as
        // `fours` is not zero, neither is `deltas.len()`. `output` is borrowed alone.
        unsafe { dot_four_rows(rows.as_ptr(), fours, deltas.as_ptr(), deltas.len(), output.as_mut_ptr()) };
    }
    Some(4 * fours)
}

/// Four neighbouring numbers into four registers, byte `$at` from `$row` on.
macro_rules! load {
    ($row:literal, $at:literal => $a:literal $b:literal $c:literal $d:literal) => {
        concat!(load!(@one $a, $row, $at, ""), load!(@one $b, $row, $at, "+4"), load!(@one $c, $row, $at, "+8"), load!(@one $d, $row, $at, "+12"))
    };
    (@one $to:literal, $row:literal, $at:literal, $on:literal) => { concat!("vldr ", $to, ", [", $row, ", #", $at, $on, "]\n") };
}

/// `$op` of four registers and four others, into the first.
macro_rules! each {
    ($op:literal: $a:literal $b:literal $c:literal $d:literal, $x:literal $y:literal $z:literal $w:literal) => {
        concat!(each!(@one $op, $a, $x), each!(@one $op, $b, $y), each!(@one $op, $c, $z), each!(@one $op, $d, $w))
    };
    (@one $op:literal, $a:literal, $x:literal) => { concat!($op, ".f32 ", $a, ", ", $a, ", ", $x, "\n") };
}

/// Four weights of each row named, which become products with the deltas, into the row's lanes.
macro_rules! add_products {
    ($d0:literal $d1:literal $d2:literal $d3:literal:
     $($w0:literal $w1:literal $w2:literal $w3:literal => $s0:literal $s1:literal $s2:literal $s3:literal),*) => {
        concat!(
            $(each!("vmul": $w0 $w1 $w2 $w3, $d0 $d1 $d2 $d3),)*
            $(each!("vadd": $s0 $s1 $s2 $s3, $w0 $w1 $w2 $w3),)*
        )
    };
}

/// The first four columns of four rows, in the registers of the sums, which their products are.
macro_rules! first_four {
    (@load) => {
        concat!(
            load!("r7", "0" => "s0" "s1" "s2" "s3"),
            load!("r0", "0" => "s16" "s17" "s18" "s19"),
            load!("r4", "0" => "s20" "s21" "s22" "s23"),
            load!("r5", "0" => "s24" "s25" "s26" "s27"),
            load!("r6", "0" => "s28" "s29" "s30" "s31"),
        )
    };
    (@times) => {
        concat!(
            each!("vmul": "s16" "s17" "s18" "s19", "s0" "s1" "s2" "s3"),
            each!("vmul": "s20" "s21" "s22" "s23", "s0" "s1" "s2" "s3"),
            each!("vmul": "s24" "s25" "s26" "s27", "s0" "s1" "s2" "s3"),
            each!("vmul": "s28" "s29" "s30" "s31", "s0" "s1" "s2" "s3"),
        )
    };
}

/// The first eight columns of four rows, whose first burst of loads has all registers: 90 cycles for 32 products and 16 sums.
macro_rules! first_eight {
    () => {
        concat!(
            first_four!(@load),
            load!("r7", "16" => "s4" "s5" "s6" "s7"),
            load!("r0", "16" => "s8" "s9" "s10" "s11"),
            load!("r4", "16" => "s12" "s13" "s14" "s15"),
            first_four!(@times),
            add_products!("s4" "s5" "s6" "s7": "s8" "s9" "s10" "s11" => "s16" "s17" "s18" "s19",
                "s12" "s13" "s14" "s15" => "s20" "s21" "s22" "s23"),
            load!("r5", "16" => "s8" "s9" "s10" "s11"),
            load!("r6", "16" => "s12" "s13" "s14" "s15"),
            add_products!("s4" "s5" "s6" "s7": "s8" "s9" "s10" "s11" => "s24" "s25" "s26" "s27",
                "s12" "s13" "s14" "s15" => "s28" "s29" "s30" "s31"),
        )
    };
}

/// Eight more columns of four rows, from byte `$at` (and `$next`, 16 more) on: 107 cycles for 32 products and sums, 416 bytes.
///
/// Three bursts of loads instead of one for every four columns and one for what finds no register in it.
macro_rules! eight {
    ($at:literal, $next:literal) => {
        concat!(
            load!("r7", $at => "s0" "s1" "s2" "s3"),
            load!("r0", $at => "s4" "s5" "s6" "s7"),
            load!("r4", $at => "s8" "s9" "s10" "s11"),
            load!("r5", $at => "s12" "s13" "s14" "s15"),
            add_products!("s0" "s1" "s2" "s3": "s4" "s5" "s6" "s7" => "s16" "s17" "s18" "s19",
                "s8" "s9" "s10" "s11" => "s20" "s21" "s22" "s23", "s12" "s13" "s14" "s15" => "s24" "s25" "s26" "s27"),
            load!("r6", $at => "s4" "s5" "s6" "s7"),
            load!("r7", $next => "s8" "s9" "s10" "s11"),
            load!("r0", $next => "s12" "s13" "s14" "s15"),
            add_products!("s0" "s1" "s2" "s3": "s4" "s5" "s6" "s7" => "s28" "s29" "s30" "s31"),
            add_products!("s8" "s9" "s10" "s11": "s12" "s13" "s14" "s15" => "s16" "s17" "s18" "s19"),
            load!("r4", $next => "s0" "s1" "s2" "s3"),
            load!("r5", $next => "s4" "s5" "s6" "s7"),
            load!("r6", $next => "s12" "s13" "s14" "s15"),
            add_products!("s8" "s9" "s10" "s11": "s0" "s1" "s2" "s3" => "s20" "s21" "s22" "s23",
                "s4" "s5" "s6" "s7" => "s24" "s25" "s26" "s27", "s12" "s13" "s14" "s15" => "s28" "s29" "s30" "s31"),
        )
    };
}

/// The column `$at` bytes after what was read: its delta and its weights, and then into the lane with these four running sums.
macro_rules! last_column {
    (@load $at:literal => $d:literal, $a:literal $b:literal $c:literal $e:literal) => {
        concat!(
            load!(@one $d, "r7", "128+", $at), load!(@one $a, "r0", "128+", $at), load!(@one $b, "r4", "128+", $at),
            load!(@one $c, "r5", "128+", $at), load!(@one $e, "r6", "128+", $at),
        )
    };
    ($at:literal, $s0:literal $s1:literal $s2:literal $s3:literal) => {
        concat!(
            last_column!(@load $at => "s0", "s4" "s5" "s6" "s7"),
            add_products!("s0" "s0" "s0" "s0": "s4" "s5" "s6" "s7" => $s0 $s1 $s2 $s3),
        )
    };
}

/// `s0` to `s3` ← `(l₀ + l₂) + (l₁ + l₃)` of each row; r3 is zero.
macro_rules! join {
    () => {
        "vmov s4, r3
        vadd.f32 s16, s16, s18; vadd.f32 s17, s17, s19; vadd.f32 s20, s20, s22; vadd.f32 s21, s21, s23
        vadd.f32 s24, s24, s26; vadd.f32 s25, s25, s27; vadd.f32 s28, s28, s30; vadd.f32 s29, s29, s31
        vadd.f32 s0, s16, s17; vadd.f32 s1, s20, s21; vadd.f32 s2, s24, s25; vadd.f32 s3, s28, s29
        vadd.f32 s0, s0, s4; vadd.f32 s1, s1, s4; vadd.f32 s2, s2, s4; vadd.f32 s3, s3, s4"
    };
}

/// The dot products of `fours` times four rows: 3.34 cycles a product and sum in the loop, and about 30 every four rows of 32
/// columns, 50 of others.
///
/// s16 to s31 are the running sums, four lanes a row; r0, r4, r5 and r6 point into the rows, r7 into `deltas`.
/// The first eight columns, or four if the fours of columns are odd, are apart; then the loop takes 24 a round. 32 columns are one
/// round, have a loop of their own around it, and r3 is zero. Others count the rounds in r3. The first is entered (r8) as many
/// eights later as it lacks, and all pointers begin that many (r2, in bytes) early.
///
/// A lane begins with its first product, not with the +0 of its definition: only a lane of nothing but −0 tells the
/// difference, only an output whose lanes are all −0 shows it, and adding +0 to the output at last undoes it.
///
/// # Safety
/// `rows` must have `4 * fours * columns` elements to read, `deltas` `columns` and `output` `4 * fours` to write, which
/// overlap with nothing; neither `columns` nor `fours` may be zero.
#[unsafe(naked)]
unsafe extern "C" fn dot_four_rows(rows: *const f32, fours: usize, deltas: *const f32, columns: usize, output: *mut f32) {
    naked_asm!(
        ".fpu fpv4-sp-d16", // what the ABI has anyway; assembly outside of Rust functions is not told
        "ldr r12, [sp]",
        "cmp r3, #32",
        "bne.w 6f",
        "push {r4-r7}",
        "vpush {d8-d15}",
        "mov r7, r2",
        "sub r12, r12, #16",
        "mov r3, #0",
        "add r4, r0, #128",
        "add r5, r0, #256",
        "add r6, r0, #384",
        "b 2f",
        "1:",
        // Right before loads, which one after a store is as quick as after a load.
        "vstr s0, [r12]; vstr s1, [r12, #4]; vstr s2, [r12, #8]; vstr s3, [r12, #12]",
        "2:",
        first_eight!(),
        "3:",
        eight!("32", "48"),
        eight!("64", "80"),
        eight!("96", "112"),
        "cbnz r3, 4f",
        join!(),
        "add r0, r6, #128",
        "add r4, r6, #256",
        "add r5, r6, #384",
        "add r6, r6, #512",
        "add r12, r12, #16",
        "subs r1, r1, #1",
        "bne 1b",
        "vstmia r12, {s0-s3}",
        "vpop {d8-d15}",
        "pop {r4-r7}",
        "bx lr",
        "4:",
        "subs r3, r3, #1",
        "beq 5f",
        "add r0, r0, #96",
        "add r4, r4, #96",
        "add r5, r5, #96",
        "add r6, r6, #96",
        "add r7, r7, #96",
        "b 3b",
        // Columns after the eights, r10 of them; r3 is zero.
        "5:",
        "cmp r10, #2",
        "blo 51f",
        last_column!(@load "0" => "s0", "s4" "s5" "s6" "s7"),
        last_column!(@load "4" => "s1", "s8" "s9" "s10" "s11"),
        add_products!("s0" "s0" "s0" "s0": "s4" "s5" "s6" "s7" => "s16" "s20" "s24" "s28"),
        add_products!("s1" "s1" "s1" "s1": "s8" "s9" "s10" "s11" => "s17" "s21" "s25" "s29"),
        "beq 52f",
        last_column!("8", "s18" "s22" "s26" "s30"),
        "b 52f",
        "51:",
        "cmp r10, #1",
        "blo 52f",
        last_column!("0", "s16" "s20" "s24" "s28"),
        "52:",
        join!(),
        "add r0, r6, #128",
        "add r0, r0, r10, lsl #2",
        "vstmia lr!, {s0-s3}",
        "subs r12, r12, #1",
        "bne 7f",
        "vpop {d8-d15}",
        "pop {r4-r11, pc}",
        // Other than 32 columns.
        "6:",
        "push {r4-r11, lr}",
        "vpush {d8-d15}",
        "mov lr, r12",
        "mov r12, r1",
        "mov r1, r2",
        "mov r2, r3",
        "lsl r9, r2, #2",      // a row in bytes
        "and r10, r2, #3",     // columns after the fours
        "ubfx r4, r2, #2, #1", // whether the fours are odd, or none
        "subs r2, r2, #4",
        "it lo",
        "movlo r4, #1",
        "mov r5, #3",
        "mov r11, #0",
        "adr.w r8, 5b + 1", // Thumb
        "asrs r2, r2, #3",  // eights after the first
        "ble 61f",
        "udiv r11, r2, r5",
        "add r11, r11, #1", // rounds
        "mul r5, r11, r5",
        "sub r5, r5, r2", // eights that the first lacks
        "mov r6, #416",
        "adr.w r8, 3b + 1",
        "mla r8, r5, r6, r8",
        "61:",
        "lsl r2, r5, #5",
        "add r2, r2, r4, lsl #4",
        "7:",
        "add r4, r0, r9",
        "add r5, r4, r9",
        "add r6, r5, r9",
        "mov r7, r1",
        "tst r2, #16",
        "bne 9f",
        first_eight!(),
        "8:",
        "sub r0, r0, r2",
        "sub r4, r4, r2",
        "sub r5, r5, r2",
        "sub r6, r6, r2",
        "sub r7, r7, r2",
        "mov r3, r11",
        "bx r8",
        "9:",
        "cmp r9, #16",
        "blo 91f",
        first_four!(@load),
        first_four!(@times),
        "b 8b",
        // No four columns: all sums begin with +0, by way of the stack.
        "91:",
        "mov r3, #0",
        "vmov s0, r3; vmov s1, r3; vmov s2, r3; vmov s3, r3",
        "vpush {s0-s3}; vpush {s0-s3}; vpush {s0-s3}; vpush {s0-s3}",
        "vpop {s16-s31}",
        "sub r0, r0, #128",
        "sub r4, r4, #128",
        "sub r5, r5, #128",
        "sub r6, r6, #128",
        "sub r7, r7, #128",
        "b 5b",
        options(raw),
    )
}
