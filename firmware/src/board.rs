//! QEMU's Cortex-M boards: the stack below the caller, the SysTick timer, and how to speak and leave. All `unsafe` of
//! the images is here.

#![allow(unsafe_code)]

use core::arch::asm;
use core::ptr;

use cortex_m_semihosting::{debug, hio};

/// What the stack is painted with.
const PAINT: u8 = 0xa5;
/// How far down it is painted: more than any job may take.
const DEPTH: usize = 16 * 1024;

const SYST_CSR: *mut u32 = 0xe000_e010 as *mut u32;
const SYST_RVR: *mut u32 = 0xe000_e014 as *mut u32;
const SYST_CVR: *mut u32 = 0xe000_e018 as *mut u32;
/// SysTick counts 24 bits.
const SYST_MASK: u32 = 0x00ff_ffff;

/// What a job left below its caller's frame.
#[derive(Debug)]
pub struct DeadStack([u8; DEPTH]);

impl DeadStack {
    /// To be filled.
    #[must_use]
    pub const fn new() -> Self {
        Self([0; DEPTH])
    }

    /// Everything that was painted, whether the job wrote on it or not.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// How deep the job went, in bytes.
    #[must_use]
    pub fn depth(&self) -> usize {
        let untouched = self.0.iter().take_while(|byte| **byte == PAINT).count();
        self.0.len() - untouched
    }
}

impl Default for DeadStack {
    fn default() -> Self {
        Self::new()
    }
}

/// Paints the stack, runs `job`, and copies what it left, so that looking at it does not change it.
#[inline(never)]
pub fn on_painted_stack(left: &mut DeadStack, job: &mut dyn FnMut()) {
    let top = paint();
    job();
    // SAFETY: the same bytes as in `paint`; whatever they hold, they are bytes. A loop in assembly touches no stack.
    unsafe {
        asm!(
            "2:",
            "ldrb {byte}, [{from}]",
            "strb {byte}, [{to}]",
            "adds {from}, #1",
            "adds {to}, #1",
            "cmp {from}, {top}",
            "bne 2b",
            byte = out(reg) _,
            from = inout(reg) top - DEPTH => _,
            to = inout(reg) left.0.as_mut_ptr() => _,
            top = in(reg) top,
            options(nostack),
        );
    }
}

/// Paints below the frame that this is inlined in, and says where that ends.
#[inline(always)]
fn paint() -> usize {
    let top: usize;
    // SAFETY: memory.x gives the stack far more than DEPTH below any caller, and nothing lives below the stack pointer:
    // there are no interrupts, and a loop in assembly needs no frame.
    unsafe {
        asm!(
            "mov {top}, sp",
            "2:",
            "subs {at}, #1",
            "strb {paint}, [{base}, {at}]",
            "bne 2b",
            top = out(reg) top,
            at = inout(reg) DEPTH => _,
            paint = in(reg) u32::from(PAINT),
            base = in(reg) stack_pointer() - DEPTH,
            options(nostack),
        );
    }
    top
}

#[inline(always)]
fn stack_pointer() -> usize {
    let at: usize;
    // SAFETY: reads a register.
    unsafe { asm!("mov {}, sp", out(reg) at, options(nomem, nostack, preserves_flags)) };
    at
}

/// SysTick's ticks, on the processor's clock, while `job` runs; at most 2^24 of them.
#[inline(never)]
pub fn ticks(job: &mut dyn FnMut()) -> u32 {
    // SAFETY: the timer's registers, of Cortex-M's architecture; nothing else uses it.
    unsafe {
        ptr::write_volatile(SYST_RVR, SYST_MASK);
        ptr::write_volatile(SYST_CVR, 0);
        ptr::write_volatile(SYST_CSR, 0b101);
    }
    // It begins to count a tick after it is cleared.
    while now() == 0 {}
    let start = now();
    job();
    start.wrapping_sub(now()) & SYST_MASK
}

fn now() -> u32 {
    // SAFETY: as in `ticks`.
    unsafe { ptr::read_volatile(SYST_CVR) }
}

/// Runs twice as many instructions as `turns`.
pub fn spin(turns: u32) {
    // SAFETY: counts a register down.
    unsafe {
        asm!("2:", "subs {turns}, #1", "bne 2b", turns = inout(reg) turns => _, options(nomem, nostack));
    }
}

/// Writes to the host's standard output.
pub fn write(bytes: &[u8]) {
    if hio::hstdout().and_then(|mut stdout| stdout.write_all(bytes)).is_err() {
        leave(false);
    }
}

/// Ends QEMU, with status 0 if `well`.
pub fn leave(well: bool) -> ! {
    loop {
        debug::exit(if well { debug::EXIT_SUCCESS } else { debug::EXIT_FAILURE });
    }
}

/// What stands in every image that a panic can happen in.
pub static PANIC_MARK: [u8; 25] = *b"a-panic-path-is-linked-in";

/// For the images' panic handlers.
pub fn panicked() -> ! {
    write(&PANIC_MARK);
    leave(false)
}
