//! Compression at build time, so that no server spends a second on it.

use std::io::Write as _;

use anyhow::{Context, Result};

use super::Profile;
use super::shell::Asset;

/// A file in all the forms it is served in.
pub struct Packed {
    /// The file itself.
    pub asset: Asset,
    /// Compressed, where that makes it smaller.
    pub brotli: Option<Vec<u8>>,
    /// Compressed for what knows no brotli.
    pub gzip: Option<Vec<u8>>,
}

/// Compresses every file that gains by it: as small as can be for a release, quickly for the work on it.
pub fn pack(assets: Vec<Asset>, profile: Profile) -> Result<Vec<Packed>> {
    assets.into_iter().map(|asset| pack_one(asset, profile)).collect()
}

fn pack_one(asset: Asset, profile: Profile) -> Result<Packed> {
    if !compressible(&asset.path) {
        return Ok(Packed {
            asset,
            brotli: None,
            gzip: None,
        });
    }
    let (quality, level) = match profile {
        Profile::Release => (11, 9),
        Profile::Dev => (3, 1),
    };
    let smaller = |packed: Vec<u8>| (packed.len() < asset.content.len()).then_some(packed);
    let parameters = brotli::enc::BrotliEncoderParams {
        quality,
        lgwin: 22,
        size_hint: asset.content.len(),
        ..Default::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut asset.content.as_slice(), &mut packed, &parameters)
        .with_context(|| format!("compressing {}", asset.path))?;
    let brotli = smaller(packed);
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(level));
    encoder.write_all(&asset.content)?;
    let gzip = smaller(encoder.finish()?);
    Ok(Packed { asset, brotli, gzip })
}

/// Whether a file of this name gains by compression.
pub fn compressible(path: &str) -> bool {
    ["html", "js", "css", "wasm", "svg", "webmanifest"]
        .iter()
        .any(|kind| {
            path.rsplit_once('.')
                .is_some_and(|(_, extension)| extension == *kind)
        })
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn packed(path: &str, content: &[u8]) -> Packed {
        let asset = Asset {
            path: path.to_owned(),
            content: content.to_vec(),
        };
        pack_one(asset, Profile::Release).unwrap()
    }

    #[test]
    fn what_is_packed_unpacks_to_the_same() {
        let content = "Sổ Bản ".repeat(100).into_bytes();
        let file = packed("app/start.1.js", &content);
        let (mut from_brotli, mut from_gzip) = (Vec::new(), Vec::new());
        brotli::BrotliDecompress(&mut file.brotli.unwrap().as_slice(), &mut from_brotli).unwrap();
        flate2::read::GzDecoder::new(file.gzip.unwrap().as_slice())
            .read_to_end(&mut from_gzip)
            .unwrap();
        assert!(from_brotli == content && from_gzip == content);
    }

    #[test]
    fn what_gains_nothing_is_left() {
        assert!(packed("icon-192.png", &[0; 1000]).brotli.is_none());
        assert!(packed("a.js", b"a").gzip.is_none());
    }
}
