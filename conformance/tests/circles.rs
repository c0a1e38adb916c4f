//! No two source files of a published crate import each other in a circle.
//!
//! An arrow runs from a file to each file whose names it takes: in `use` declarations and in paths, through re-exports too.
//! What stands under `cfg(test)` does not count.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree, Visibility};

const CRATES: [&str; 7] = [
    "awsauth-core",
    "awsauth-credentials",
    "awsauth-http",
    "awsauth-imds",
    "awsauth-reqwest",
    "awsauth-sigv4a",
    "awsauth-ureq",
];

#[test]
fn no_files_import_each_other_in_a_circle() {
    let mut circles = String::new();
    for name in CRATES {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src");
        for circle in House::read(&root).circles() {
            circles += &format!("{name}:\n{circle}");
        }
    }
    assert!(circles.is_empty(), "{circles}");
}

#[test]
fn a_circle_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("lib.rs", "mod above; mod below; pub use below::Thing;");
    write("above.rs", "use crate::below::make; pub fn up() { make() }");
    write("below.rs", "pub(crate) mod inner; pub(crate) use inner::make; pub struct Thing;");
    write("below/inner.rs", "pub(crate) fn make() {} #[cfg(test)] mod tests { use crate::above; }");
    assert_eq!(House::read(folder.path()).circles(), [""; 0]);

    for back in
        ["use super::Thing;", "fn f() { super::Thing; }", "use crate::Thing;", "use crate::above::{up};"]
    {
        write("below/inner.rs", &format!("pub(crate) fn make() {{}} {back}"));
        assert_eq!(House::read(folder.path()).circles().len(), 1, "{back}");
    }
}

/// A path of modules from the crate's root.
type Module = Vec<String>;

/// The source files of a crate, each a module.
struct House {
    rooms: BTreeMap<Module, Room>,
}

#[derive(Default)]
struct Room {
    /// Names that are made visible here, and what they stand for.
    exports: BTreeMap<String, Module>,
    /// Modules all of whose names are made visible here.
    globs: Vec<Module>,
    /// Names that are defined here.
    definitions: BTreeSet<String>,
    /// Paths that are named here, from the crate's root.
    names: BTreeSet<Module>,
}

impl House {
    fn read(root: &Path) -> Self {
        let mut rooms = BTreeMap::new();
        for file in sources(root) {
            let mut module: Module = file
                .strip_prefix(root)
                .unwrap()
                .with_extension("")
                .iter()
                .map(|part| part.to_str().unwrap().to_owned())
                .collect();
            if module == ["lib"] {
                module.clear();
            }
            let syntax = syn::parse_file(&fs::read_to_string(&file).unwrap()).unwrap();
            let mut reader = Reader { module: module.clone(), room: Room::default() };
            reader.visit_file(&syntax);
            rooms.insert(module, reader.room);
        }
        Self { rooms }
    }

    /// The files whose names a path takes.
    fn takes(&self, path: &[String], depth: usize, taken: &mut BTreeSet<Module>) {
        if depth == 0 {
            return;
        }
        let Some(length) = (0..=path.len()).rev().find(|length| self.rooms.contains_key(&path[..*length]))
        else {
            return;
        };
        let (module, rest) = path.split_at(length);
        let room = &self.rooms[module];
        let Some(name) = rest.first() else {
            taken.insert(module.to_vec());
            return;
        };
        if let Some(target) = room.exports.get(name) {
            taken.insert(module.to_vec());
            self.takes(&[target, &rest[1..]].concat(), depth - 1, taken);
        } else if room.definitions.contains(name) || room.globs.is_empty() {
            taken.insert(module.to_vec());
        } else {
            taken.insert(module.to_vec());
            for glob in &room.globs {
                self.takes(&[glob, rest].concat(), depth - 1, taken);
            }
        }
    }

    /// Each circle as lines `file -> file`.
    fn circles(&self) -> Vec<String> {
        let arrows: BTreeMap<&Module, BTreeSet<Module>> = self
            .rooms
            .iter()
            .map(|(module, room)| {
                let mut taken = BTreeSet::new();
                let exported = room.exports.values().chain(&room.globs);
                room.names.iter().chain(exported).for_each(|path| self.takes(path, 8, &mut taken));
                taken.remove(module);
                (module, taken)
            })
            .collect();
        let reaches = |from: &Module| {
            let mut seen = BTreeSet::new();
            let mut next: Vec<&Module> = arrows[from].iter().collect();
            while let Some(module) = next.pop() {
                if seen.insert(module) {
                    next.extend(&arrows[module]);
                }
            }
            seen
        };
        let reached: BTreeMap<&Module, BTreeSet<&Module>> =
            arrows.keys().map(|module| (*module, reaches(module))).collect();
        let mut done: BTreeSet<&Module> = BTreeSet::new();
        let mut circles = Vec::new();
        for (module, all) in &reached {
            if !all.contains(module) || done.contains(module) {
                continue;
            }
            let circle: Vec<&Module> =
                all.iter().filter(|other| reached[**other].contains(module)).copied().collect();
            done.extend(&circle);
            let mut lines = String::new();
            for from in &circle {
                for to in circle.iter().filter(|to| arrows[*from].contains(**to)) {
                    lines += &format!("  {} -> {}\n", file_name(from), file_name(to));
                }
            }
            circles.push(lines);
        }
        circles
    }
}

/// Reads one file.
struct Reader {
    module: Module,
    room: Room,
}

impl Reader {
    /// A path from the crate's root; `None` if it leads out of the crate.
    fn absolute(&self, path: &[String]) -> Option<Module> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some([&self.module, rest].concat()),
            "super" => {
                let mut base = self.module.clone();
                let mut rest = path;
                while let Some(("super", after)) =
                    rest.split_first().map(|(name, after)| (name.as_str(), after))
                {
                    base.pop()?;
                    rest = after;
                }
                Some([&base, rest].concat())
            }
            _ if self.room.exports.get(first).is_some_and(|target| target.starts_with(&self.module)) => {
                Some([&self.room.exports[first], rest].concat())
            }
            _ => None,
        }
    }

    fn read_use(&mut self, tree: &UseTree, prefix: &[String], is_visible: bool) {
        match tree {
            UseTree::Path(path) => {
                self.read_use(&path.tree, &[prefix, &[path.ident.to_string()]].concat(), is_visible);
            }
            UseTree::Name(name) if name.ident == "self" => self.note(prefix, prefix.last(), is_visible),
            UseTree::Name(name) => {
                let name = name.ident.to_string();
                self.note(&[prefix, core::slice::from_ref(&name)].concat(), Some(&name), is_visible);
            }
            UseTree::Rename(rename) => {
                let path = [prefix, &[rename.ident.to_string()]].concat();
                self.note(&path, Some(&rename.rename.to_string()), is_visible);
            }
            UseTree::Glob(_) => {
                if let Some(path) = self.absolute(prefix) {
                    if is_visible {
                        self.room.globs.push(path.clone());
                    }
                    self.room.names.insert(path);
                }
            }
            UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.read_use(tree, prefix, is_visible));
            }
        }
    }

    fn note(&mut self, path: &[String], name: Option<&String>, is_visible: bool) {
        let Some(path) = self.absolute(path) else { return };
        if let Some(name) = name.filter(|_| is_visible) {
            self.room.exports.insert(name.clone(), path.clone());
        }
        self.room.names.insert(path);
    }
}

impl<'s> Visit<'s> for Reader {
    fn visit_file(&mut self, file: &'s syn::File) {
        // Modules first: paths may begin with their names.
        for item in &file.items {
            if let Item::Mod(item) = item
                && item.content.is_none()
                && !is_test(&item.attrs)
            {
                let name = item.ident.to_string();
                let path = [&self.module, core::slice::from_ref(&name)].concat();
                self.room.exports.insert(name, path);
            }
        }
        visit::visit_file(self, file);
        // A declaration alone takes nothing.
        let module = self.module.clone();
        self.room.exports.retain(|name, path| *path != [&module[..], core::slice::from_ref(name)].concat());
    }

    fn visit_item(&mut self, item: &'s Item) {
        let (attributes, name): (&[Attribute], _) = match item {
            Item::Const(item) => (&item.attrs, Some(&item.ident)),
            Item::Enum(item) => (&item.attrs, Some(&item.ident)),
            Item::Fn(item) => (&item.attrs, Some(&item.sig.ident)),
            Item::Impl(item) => (&item.attrs, None),
            Item::Mod(item) => (&item.attrs, None),
            Item::Static(item) => (&item.attrs, Some(&item.ident)),
            Item::Struct(item) => (&item.attrs, Some(&item.ident)),
            Item::Trait(item) => (&item.attrs, Some(&item.ident)),
            Item::Type(item) => (&item.attrs, Some(&item.ident)),
            Item::Use(item) => (&item.attrs, None),
            _ => (&[], None),
        };
        if is_test(attributes) {
            return;
        }
        self.room.definitions.extend(name.map(ToString::to_string));
        visit::visit_item(self, item);
    }

    fn visit_item_use(&mut self, item: &'s syn::ItemUse) {
        self.read_use(&item.tree, &[], !matches!(item.vis, Visibility::Inherited));
    }

    fn visit_path(&mut self, path: &'s syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if names.len() > 1
            && let Some(absolute) = self.absolute(&names)
        {
            self.room.names.insert(absolute);
        }
        visit::visit_path(self, path);
    }

    /// `pub(in crate::sigv4)` takes nothing.
    fn visit_visibility(&mut self, _: &'s Visibility) {}
}

/// `#[cfg(test)]`, alone or among others.
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .meta
                .require_list()
                .is_ok_and(|list| list.tokens.clone().into_iter().any(|token| token.to_string() == "test"))
    })
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs")
            // Test modules of their own.
            && path.file_stem().is_some_and(|stem| stem != "tests")
        {
            files.push(path);
        }
    }
    files
}

fn file_name(module: &Module) -> String {
    if module.is_empty() { "lib.rs".to_owned() } else { format!("{}.rs", module.join("/")) }
}
