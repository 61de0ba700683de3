//! Help in the language of its reader: words from `server/messages`, put over the command line.

use std::ffi::OsString;

use clap::CommandFactory as _;

use super::args::Args;
use crate::messages::{self, Lang};

/// The language asked for, found before the arguments are understood, so that complaints about them
/// are in it too.
pub(super) fn language(arguments: &[OsString]) -> Lang {
    let texts: Vec<_> = arguments
        .iter()
        .map(|argument| argument.to_string_lossy())
        .collect();
    let after = texts
        .iter()
        .position(|text| text == "--lang")
        .and_then(|at| texts.get(at + 1));
    let joined = texts.iter().find_map(|text| text.strip_prefix("--lang="));
    let environment = std::env::var("SOBAN_LANG").ok();
    let name = after.map(|name| &**name).or(joined).or(environment.as_deref());
    name.and_then(Lang::from_name).unwrap_or_default()
}

/// The command line with its help in `lang`.
pub(super) fn localised(lang: Lang) -> clap::Command {
    words(Args::command(), lang, "help")
}

fn words(mut command: clap::Command, lang: Lang, key: &str) -> clap::Command {
    if let Some(text) = messages::help(lang, key) {
        command = command.about(text);
    }
    command =
        command.mut_args(
            |argument| match messages::help(lang, &format!("help.arg.{}", argument.get_id())) {
                Some(text) => argument.help(text),
                None => argument,
            },
        );
    let names: Vec<String> = command
        .get_subcommands()
        .map(|inner| inner.get_name().to_owned())
        .collect();
    for name in names {
        let inner_key = format!("{key}.{name}");
        command = command.mut_subcommand(name, |inner| words(inner, lang, &inner_key));
    }
    command
}
