//! Compiles the contract with protox, so that no system `protoc` is needed.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=proto");
    if std::env::var_os("CARGO_FEATURE_SERVICE").is_none() {
        return Ok(());
    }
    let files = ["proto/enrich/v1/enrichment.proto"];
    let descriptors = protox::compile(files, ["proto"])?;

    // Reflection and the JSON mapping read the descriptors at run time; both
    // want the comments left out of the wire form only for size, and grpcurl
    // shows comments, so they stay in.
    let out = std::path::PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(out.join("descriptors.bin"), prost::Message::encode_to_vec(&descriptors))?;

    tonic_prost_build::configure()
        .extern_path(".google.rpc.Status", "::tonic_types::Status")
        .compile_fds(descriptors)?;
    Ok(())
}
