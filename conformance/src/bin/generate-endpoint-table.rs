//! Writes `awsauth-core/src/endpoint/table.rs` afresh.
//!
//! The facts come from the folder in `AWSAUTH_VECTORS`, else `../shared/vectors`:
//! `cargo run -p awsauth-conformance --bin generate-endpoint-table`

use awsauth_conformance::endpoint_table::{generate, table_path, vectors_folder};

fn main() -> Result<(), String> {
    let table = generate(&vectors_folder())?;
    let path = table_path();
    std::fs::write(&path, table).map_err(|e| format!("{}: {e}", path.display()))
}
