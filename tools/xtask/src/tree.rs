//! The files of the checkout that are tracked or could be: what `git ls-files` lists, with their text.
use std::{fs, io, path::Path, process::Command};

/// One text file.
#[derive(Debug)]
pub struct File {
    /// Path from the root, with `/`
    pub path: String,
    /// Contents; binary files have none
    pub text: String,
}

/// All text files, in the order of their paths.
#[derive(Debug, Default)]
pub struct Tree {
    files: Vec<File>,
}

impl Tree {
    /// Reads the checkout that this crate lies in.
    pub fn of_checkout() -> io::Result<Tree> {
        // `cargo run` says where the crate lies now; the build may be from another checkout that shares the target folder.
        let here = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&here).join("../..");
        let listed = Command::new("git").args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(&root).output()?;
        if !listed.status.success() {
            return Err(io::Error::other(String::from_utf8_lossy(&listed.stderr).into_owned()));
        }
        let mut paths: Vec<&str> = listed.stdout.split(|b| *b == 0).filter_map(|p| std::str::from_utf8(p).ok()).filter(|p| !p.is_empty()).collect();
        paths.sort_unstable();
        paths.dedup();
        // A tracked file that was just deleted is listed still; a binary one is not text.
        let files = paths.iter().filter_map(|p| Some(File { path: p.to_string(), text: fs::read_to_string(root.join(p)).ok()? })).collect();
        Ok(Tree { files })
    }

    /// A tree for tests.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Tree {
        Tree { files: files.iter().map(|(path, text)| File { path: path.to_string(), text: text.to_string() }).collect() }
    }

    /// All files.
    pub fn files(&self) -> impl Iterator<Item = &File> {
        self.files.iter()
    }

    /// Files whose name ends in one of these.
    pub fn with_extension<'a>(&'a self, extensions: &'a [&str]) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |f| f.path.rsplit_once('.').is_some_and(|(_, e)| extensions.contains(&e)))
    }

    /// Files under a folder, given with its final `/`.
    pub fn under<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |f| f.path.starts_with(folder))
    }

    /// Whether there is such a file.
    pub fn has(&self, path: &str) -> bool {
        self.files.iter().any(|f| f.path == path)
    }
}
