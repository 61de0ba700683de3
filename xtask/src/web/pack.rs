//! Compression at build time, so that no server spends a second on it, and the bound on what a phone must fetch.

use std::io::Write as _;

use anyhow::{Context, Result, bail};

use super::Profile;
use super::shell::Asset;

/// What a first visit may cost, compressed: page, style, scripts and module.
const SHELL_BROTLI_MAX: usize = 600 * 1024;
const SHELL_GZIP_MAX: usize = 750 * 1024;

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

fn compressible(path: &str) -> bool {
    ["html", "js", "css", "wasm", "svg", "webmanifest"]
        .iter()
        .any(|kind| {
            path.rsplit_once('.')
                .is_some_and(|(_, extension)| extension == *kind)
        })
}

/// Says what each file weighs, and fails when a release weighs too much.
pub fn weigh(files: &[Packed], profile: Profile) -> Result<()> {
    eprintln!("web: {:>9} {:>9} {:>9}  file", "bytes", "gzip", "brotli");
    let size =
        |packed: &Option<Vec<u8>>, file: &Packed| packed.as_ref().map_or(file.asset.content.len(), Vec::len);
    let mut total = [0; 3];
    for file in files {
        let sizes = [
            file.asset.content.len(),
            size(&file.gzip, file),
            size(&file.brotli, file),
        ];
        eprintln!(
            "web: {:>9} {:>9} {:>9}  {}",
            sizes[0], sizes[1], sizes[2], file.asset.path
        );
        if compressible(&file.asset.path) {
            for (sum, size) in total.iter_mut().zip(sizes) {
                *sum += size;
            }
        }
    }
    let [bytes, gzip, brotli] = total;
    eprintln!("web: {bytes:>9} {gzip:>9} {brotli:>9}  shell (without pictures)");
    match profile {
        Profile::Release => within(gzip, brotli),
        Profile::Dev => Ok(()),
    }
}

fn within(gzip: usize, brotli: usize) -> Result<()> {
    if brotli > SHELL_BROTLI_MAX || gzip > SHELL_GZIP_MAX {
        bail!(
            "the shell is {brotli} bytes in brotli and {gzip} in gzip; a phone on a thin link gets at most \
             {SHELL_BROTLI_MAX} and {SHELL_GZIP_MAX}"
        );
    }
    Ok(())
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

    #[test]
    fn too_heavy_a_shell_fails() {
        assert!(within(SHELL_GZIP_MAX, SHELL_BROTLI_MAX).is_ok());
        assert!(within(SHELL_GZIP_MAX + 1, 0).is_err());
        assert!(within(0, SHELL_BROTLI_MAX + 1).is_err());
    }
}
