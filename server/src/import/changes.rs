//! Edits → Automerge changes, each within the bounds of the gate.

use shared::document::Document;
use shared::edit::{Edit, EditError, apply};
use shared::ids::ActorId;
use shared::limits::{CHANGE_BYTES_MAX, CHANGE_OPS_MAX};
use shared::schema::Kind;

/// What one edit outside of texts weighs, in operations: it may make an entry with its fields.
const EDIT_OPS: usize = 24;
/// Room for a change's own header and columns.
const HEADROOM: usize = 4;

/// The changes that make a record holding `edits`, oldest first.
pub(super) fn of_new(kind: Kind, edits: &[Edit], actor: ActorId) -> Result<Vec<Vec<u8>>, EditError> {
    let (mut document, first) = Document::create(kind, actor);
    let mut changes = vec![first];
    changes.extend(of_changed(&mut document, edits, actor)?);
    Ok(changes)
}

/// The changes that do `edits`: one, or several when there is much text.
pub(super) fn of_changed(document: &mut Document, edits: &[Edit], actor: ActorId) -> Result<Vec<Vec<u8>>, EditError> {
    let mut changes = Vec::new();
    for portion in portions(edits) {
        changes.extend(apply(document, portion, actor)?);
    }
    Ok(changes)
}

fn portions(edits: &[Edit]) -> Vec<&[Edit]> {
    let (mut portions, mut start, mut ops, mut bytes) = (Vec::new(), 0, 0, 0);
    for (at, edit) in edits.iter().enumerate() {
        let (more_ops, more_bytes) = weight(edit);
        let full = ops + more_ops > CHANGE_OPS_MAX / HEADROOM * 3 || bytes + more_bytes > CHANGE_BYTES_MAX / HEADROOM * 3;
        if full && at > start {
            portions.push(&edits[start..at]);
            (start, ops, bytes) = (at, 0, 0);
        }
        (ops, bytes) = (ops + more_ops, bytes + more_bytes);
    }
    portions.push(&edits[start..]);
    portions
}

/// Operations and bytes that an edit costs at most.
fn weight(edit: &Edit) -> (usize, usize) {
    let path = edit.path().as_str().len();
    match edit {
        Edit::Write { text, .. } => (EDIT_OPS + text.chars().count(), path + text.len()),
        Edit::Put { value, .. } => (EDIT_OPS, path + value.to_string().len()),
        Edit::Clear { .. } | Edit::Remove { .. } => (EDIT_OPS, path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::edit::Edit;

    #[test]
    fn much_text_is_spread_over_several_changes() {
        let text = "سلام ".repeat(1_100);
        let edits: Vec<Edit> =
            ["ar", "fr", "en", "es", "pt", "it"].map(|l| Edit::write(format!("description.{l}.text"), text.as_str())).into();
        let changes = of_new(Kind::Place, &edits, ActorId([1; 16])).expect("the edits fit the schema");
        assert!(changes.len() > 2, "{}", changes.len());
        assert!(changes.iter().all(|change| change.len() <= CHANGE_BYTES_MAX));
        let few = of_new(Kind::Place, &[Edit::put("name", "A")], ActorId([1; 16])).expect("the edit fits the schema");
        assert_eq!(few.len(), 2);
    }
}
