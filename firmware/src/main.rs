//! A Cortex-M4 image that runs under QEMU, reports over semihosting and exits with a status.
#![no_std]
#![no_main]

use core::panic::PanicInfo;

use cortex_m_rt::{ExceptionFrame, entry, exception};
use cortex_m_semihosting::{debug, hio};

#[entry]
fn main() -> ! {
    let status = match hio::hstdout().and_then(|mut stdout| stdout.write_all(b"hello\n")) {
        Ok(()) => debug::EXIT_SUCCESS,
        Err(()) => debug::EXIT_FAILURE,
    };
    leave(status)
}

/// Without this a fault, such as a stack that ran into the end of memory, would loop for ever.
#[exception]
unsafe fn HardFault(_: &ExceptionFrame) -> ! {
    leave(debug::EXIT_FAILURE)
}

/// Linked in only when a panic path is: `nm` must find neither this nor `core::panicking` in the image.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    leave(debug::EXIT_FAILURE)
}

fn leave(status: debug::ExitStatus) -> ! {
    loop {
        debug::exit(status);
    }
}
