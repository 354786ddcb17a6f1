//! Makes the archive of the library from its files. Runs when the compiler is built.
use super::{Archive, ROOT};
use crate::{build, static_host::StaticHost};
use melior::Context;
use numbra_dialects::{Code, Diagnostic, bytecode};
use std::path::{Path, PathBuf};

/// Compiles files, given as module name below `numbra.lib` and text, to an archive.
pub fn compile(context: &Context, files: &[(String, String)]) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let mut functions: Vec<(String, Vec<u8>)> = vec![];
    let mut implementations: Vec<(String, String)> = vec![];
    let mut errors = vec![];
    let mut uses: Vec<(String, String)> = vec![];
    for (module, text) in files {
        let host = match StaticHost::library(&format!("{ROOT}{module}"), &format!("numbra/lib/{}.py", module.replace('.', "/")), text) {
            Ok(host) => host,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        for (name, id) in host.top_level() {
            match build::build_module(context, &host, id) {
                Ok(built) => functions.push((format!("{ROOT}{module}.{name}"), bytecode::write(&built))),
                Err(found) => errors.extend(found),
            }
        }
        uses.extend(host.library_names().map(|path| (module.clone(), path.to_string())));
        implementations.extend(host.implementations().map(|(path, name)| (path.to_string(), format!("{ROOT}{module}.{name}"))));
    }
    functions.sort();
    let missing = uses.iter().filter(|(_, path)| functions.binary_search_by(|f| f.0.as_str().cmp(path)).is_err());
    errors.extend(missing.map(|(module, path)| Diagnostic::error(Code::NB0103, None, format!("{ROOT}{module} uses {path}, which does not exist"))));
    implementations.sort();
    let twice = implementations.windows(2).filter(|w| w[0].0 == w[1].0);
    errors.extend(twice.map(|w| Diagnostic::error(Code::NB0900, None, format!("{} is implemented by {} and by {}", w[0].0, w[0].1, w[1].1))));
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut modules: Vec<(&str, u64)> = files.iter().map(|(m, text)| (m.as_str(), text.len() as u64)).collect();
    modules.sort_unstable();
    let archive = Archive {
        modules,
        functions: functions.iter().map(|(s, b)| (s.as_str(), b.as_slice())).collect(),
        implementations: implementations.iter().map(|(p, s)| (p.as_str(), s.as_str())).collect(),
    };
    postcard::to_allocvec(&archive).map_err(|e| vec![Diagnostic::error(Code::NB0900, None, e.to_string())])
}

/// Compiles all files of a folder, and of the folders in it.
pub fn compile_folder(context: &Context, folder: &Path) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let read = || modules(folder)?.into_iter().map(|(module, path)| Ok((module, std::fs::read_to_string(path)?))).collect::<std::io::Result<Vec<_>>>();
    let mut files = read().map_err(|e| vec![Diagnostic::error(Code::NB0002, None, format!("{}: {e}", folder.display()))])?;
    files.sort();
    compile(context, &files)
}

/// Writes the archive of a folder into it.
pub fn write(context: &Context, folder: &Path) -> Result<(), String> {
    let bytes = compile_folder(context, folder).map_err(|errors| text(&errors))?;
    std::fs::write(folder.join(super::ARCHIVE), bytes).map_err(|e| e.to_string())
}

/// Errors, a line each.
pub(super) fn text(errors: &[Diagnostic]) -> String {
    let place = |d: &Diagnostic| d.span.as_ref().map_or(String::new(), |s| format!("{}:{}: ", s.file, s.start_line));
    errors.iter().map(|d| format!("{}{}\n", place(d), d.message)).collect()
}

/// The modules of a folder, and of the folders in it: name below `numbra.lib`, and file.
pub(super) fn modules(folder: &Path) -> std::io::Result<Vec<(String, PathBuf)>> {
    let mut found = vec![];
    list(folder, "", &mut found)?;
    Ok(found)
}

fn list(folder: &Path, prefix: &str, found: &mut Vec<(String, PathBuf)>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let Some(stem) = path.file_stem().and_then(|s| s.to_str()) else { continue };
        if path.is_dir() {
            if !stem.starts_with('_') {
                list(&path, &format!("{prefix}{stem}."), found)?;
            }
        } else if path.extension().is_some_and(|e| e == "py") && stem != "__init__" {
            found.push((format!("{prefix}{stem}"), path));
        }
    }
    Ok(())
}
