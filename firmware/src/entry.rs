//! How every image begins and ends.

use core::panic::PanicInfo;

use awsauth_firmware::board;
use cortex_m_rt::{ExceptionFrame, entry, exception};

#[entry]
fn main() -> ! {
    board::leave(crate::run())
}

/// Without this a fault, such as a stack that ran into the end of memory, would loop for ever.
#[exception]
unsafe fn HardFault(_: &ExceptionFrame) -> ! {
    board::leave(false)
}

/// Linked in only if there is a panic path.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    board::panicked()
}
