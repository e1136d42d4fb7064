//! A store that takes no notice of preconditions would let two publishers overwrite each other: it is found before anything
//! is put.

use anyhow::Result;
use object_store::{Error, ObjectStoreExt, PutMode, UpdateVersion};

use crate::loaders::store::SetStore;
use crate::problem::exit::Exit;
use crate::text::random_uuid;

/// Puts an object of its own, tries to overwrite it in both ways that must be refused, and removes it.
pub fn refuse_without_preconditions(store: &SetStore, dataset: &str) -> Result<()> {
    if store.is_local() {
        return Ok(());
    }
    let path = store.path(&[dataset, &format!("probe-{}", random_uuid())]);
    let put = |text: &str, mode| store.put(&path, text.as_bytes().to_vec(), mode);
    put("first", PutMode::Create).map_err(|error| store.explain(&error, &path))?;
    let stale = UpdateVersion { e_tag: Some("\"00000000000000000000000000000000\"".into()), version: None };
    let refusals = [put("second", PutMode::Create), put("third", PutMode::Update(stale))];
    let removed = store.run(async { store.store.delete(&path).await });
    for refusal in refusals {
        match refusal {
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => {}
            Ok(()) => {
                let message = format!(
                    "{} takes no notice of preconditions (If-None-Match, If-Match), so two runs at once could mix their \
                     sets; use a store that does, or publish in a folder and copy it",
                    store.address()
                );
                return Err(Exit::Config.error(message));
            }
            Err(error) => return Err(store.explain(&error, &path)),
        }
    }
    removed.map_err(|error| store.explain(&error, &path))
}
