//! What a phone must fetch at its first visit, and the bound on it.

use std::path::Path;

use anyhow::{Result, bail};

use super::pack::compressible;

/// What a first visit is to cost, compressed: page, style, scripts and module. Not reached: docs/TESTING.md says by
/// how much, and what weighs.
const BROTLI_GOAL: u64 = 600 * 1024;
/// The same for phones that know only gzip.
const GZIP_GOAL: u64 = 750 * 1024;
/// No build may weigh more than the app does today with a little room; this bound only ever goes down.
const BROTLI_MAX: u64 = 960 * 1024;
const GZIP_MAX: u64 = 1_290 * 1024;
const _: () = assert!(BROTLI_GOAL < BROTLI_MAX && GZIP_GOAL < GZIP_MAX);
/// What the desk may weigh in brotli: an office has a line, and fetches it once a version. Only ever goes down.
const DESK_BROTLI_MAX: u64 = 400 * 1024;

/// The bytes of a file, or of all: as they are, in gzip, in brotli.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Weight {
    plain: u64,
    gzip: u64,
    brotli: u64,
}

/// The sum of files of `dist` without pictures; with a name for it, says what each weighs.
pub fn weigh<'a>(dist: &Path, paths: impl Iterator<Item = &'a str>, show: Option<&str>) -> Result<Weight> {
    let line = |weight: Weight, name: &str| {
        if show.is_some() {
            eprintln!(
                "web: {:>9} {:>9} {:>9}  {name}",
                weight.plain, weight.gzip, weight.brotli
            );
        }
    };
    if show.is_some() {
        eprintln!("web: {:>9} {:>9} {:>9}  file", "bytes", "gzip", "brotli");
    }
    let mut sum = Weight::default();
    for path in paths {
        let plain = std::fs::metadata(dist.join(path))?.len();
        let packed = |extension: &str| {
            let file = std::fs::metadata(dist.join(format!("{path}.{extension}")));
            file.map_or(plain, |file| file.len())
        };
        let weight = Weight {
            plain,
            gzip: packed("gz"),
            brotli: packed("br"),
        };
        line(weight, path);
        if compressible(path) {
            sum.plain += weight.plain;
            sum.gzip += weight.gzip;
            sum.brotli += weight.brotli;
        }
    }
    line(sum, show.unwrap_or_default());
    Ok(sum)
}

/// Fails when a phone on a thin link would have to fetch too much.
pub fn within_bounds(weight: Weight) -> Result<()> {
    let Weight { gzip, brotli, .. } = weight;
    if brotli > BROTLI_MAX || gzip > GZIP_MAX {
        bail!(
            "the shell is {brotli} bytes in brotli and {gzip} in gzip; a phone on a thin link gets at most \
             {BROTLI_MAX} and {GZIP_MAX}"
        );
    }
    if brotli > BROTLI_GOAL || gzip > GZIP_GOAL {
        eprintln!("web: heavier than the goal of {BROTLI_GOAL} bytes in brotli and {GZIP_GOAL} in gzip");
    }
    Ok(())
}

/// Fails when the desk grows beyond its bound.
pub fn desk_within_bounds(weight: Weight) -> Result<()> {
    if weight.brotli > DESK_BROTLI_MAX {
        bail!(
            "the desk is {} bytes in brotli; it may be {DESK_BROTLI_MAX}",
            weight.brotli
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::run;

    #[test]
    fn too_heavy_a_shell_fails() {
        let of = |gzip, brotli| Weight {
            plain: 0,
            gzip,
            brotli,
        };
        assert!(within_bounds(of(GZIP_MAX, BROTLI_MAX)).is_ok());
        assert!(within_bounds(of(GZIP_MAX + 1, 0)).is_err());
        assert!(within_bounds(of(0, BROTLI_MAX + 1)).is_err());
        assert!(desk_within_bounds(of(0, DESK_BROTLI_MAX)).is_ok());
        assert!(desk_within_bounds(of(0, DESK_BROTLI_MAX + 1)).is_err());
    }

    #[test]
    fn what_is_not_compressed_counts_whole_and_pictures_do_not_count() {
        let dist = run::root()
            .join("target/tmp")
            .join(format!("weight-{}", std::process::id()));
        fs::create_dir_all(&dist).unwrap();
        for (name, bytes) in [("a.js", 10), ("a.js.br", 4), ("b.png", 1000)] {
            fs::write(dist.join(name), vec![0; bytes]).unwrap();
        }
        let weight = weigh(&dist, ["a.js", "b.png"].into_iter(), None).unwrap();
        assert_eq!(
            weight,
            Weight {
                plain: 10,
                gzip: 10,
                brotli: 4
            }
        );
        fs::remove_dir_all(dist).unwrap();
    }
}
