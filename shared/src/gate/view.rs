//! A document as the writer of a change saw it: at the change's dependencies, plus what the change
//! itself did so far. Objects, values and characters are looked up once and then kept up to date here.

use super::fault::{Fault, malformed, rule};
use crate::schema::{Kind, Path, Shape};
use automerge::legacy::OpId;
use automerge::{ActorId, Automerge, ChangeHash, ObjId, Prop, ROOT, ReadDoc};
use std::collections::{HashMap, HashSet};

/// An operation's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Id {
    pub(super) counter: u64,
    pub(super) actor: [u8; 16],
}

impl Id {
    pub(super) fn of(id: &OpId) -> Result<Id, Fault> {
        Ok(Id { counter: id.counter(), actor: Id::actor(id.actor())? })
    }

    pub(super) fn actor(actor: &ActorId) -> Result<[u8; 16], Fault> {
        actor.to_bytes().try_into().or_else(|_| malformed("an actor that is not 16 bytes"))
    }

    /// `None` for the root.
    fn of_object(id: &ObjId) -> Option<Id> {
        match id {
            ObjId::Id(counter, actor, _) => Some(Id { counter: *counter, actor: actor.to_bytes().try_into().ok()? }),
            ObjId::Root => None,
        }
    }
}

/// An object as far as the change concerns it.
struct Known {
    shape: &'static Shape,
    /// How Automerge names it; `None` for those that the change itself makes.
    object: Option<ObjId>,
}

/// A text that the change writes in.
struct Characters {
    seen: HashSet<Id>,
    /// The most it may have, when the change adds any.
    max: Option<usize>,
}

pub(super) struct View<'a> {
    doc: &'a Automerge,
    deps: &'a [ChangeHash],
    objects: HashMap<Id, Known>,
    values: HashMap<(Option<Id>, String), Vec<Id>>,
    texts: HashMap<Id, Characters>,
}

impl<'a> View<'a> {
    pub(super) fn new(doc: &'a Automerge, deps: &'a [ChangeHash]) -> View<'a> {
        View { doc, deps, objects: HashMap::new(), values: HashMap::new(), texts: HashMap::new() }
    }

    /// What the schema says about the object `id`; the object is one that the writer could see.
    pub(super) fn shape(&mut self, kind: Kind, id: Id) -> Result<&'static Shape, Fault> {
        if let Some(known) = self.objects.get(&id) {
            return Ok(known.shape);
        }
        let (object, shape) = self.find(kind, id)?;
        self.objects.insert(id, Known { shape, object: Some(object) });
        Ok(shape)
    }

    fn find(&self, kind: Kind, id: Id) -> Result<(ObjId, &'static Shape), Fault> {
        let unknown = || Fault::Malformed("unknown object".to_owned());
        let name = format!("{}@{}", id.counter, crate::ids::hex(&id.actor));
        let (object, _) = self.doc.import(&name).map_err(|_| unknown())?;
        let mut below = object.clone();
        let mut keys = Vec::new();
        for step in self.doc.parents(&object).map_err(|_| unknown())? {
            let Prop::Map(key) = step.prop else { return Err(unknown()) };
            let seen = self.seen(&step.obj, &key)?;
            rule(Id::of_object(&below).is_some_and(|below| seen.contains(&below)), "unknown object")?;
            keys.push(key);
            below = step.obj;
        }
        let path = keys.iter().rev().fold(Path::new(""), |path, key| path.join(key));
        Ok((object, kind.shape(&path).ok_or_else(unknown)?))
    }

    /// The values that stood under a key at the change's dependencies.
    fn seen(&self, object: &ObjId, key: &str) -> Result<Vec<Id>, Fault> {
        let values = self.doc.get_all_at(object, key, self.deps);
        let values = values.map_err(|error| Fault::Malformed(error.to_string()))?;
        Ok(values.iter().filter_map(|(_, id)| Id::of_object(id)).collect())
    }

    /// Does away with the values `preds` under `key` and puts `new` there. Whoever writes a value
    /// replaces all they saw; only a conflict settled for one of its values deletes just the others.
    pub(super) fn assign(
        &mut self,
        object: Option<Id>,
        key: &str,
        preds: &[Id],
        new: Option<Id>,
        made: Option<&'static Shape>,
    ) -> Result<(), Fault> {
        let place = (object, key.to_owned());
        let mut standing = match self.values.remove(&place) {
            Some(standing) => standing,
            None => self.standing(object, key)?,
        };
        rule(new.is_some() || !preds.is_empty(), "deletes what is not there")?;
        for pred in preds {
            let Some(at) = standing.iter().position(|id| id == pred) else {
                return malformed("unknown predecessor");
            };
            standing.swap_remove(at);
        }
        rule(new.is_none() || standing.is_empty(), "a value beside others that its writer saw")?;
        if let (Some(id), Some(shape)) = (new, made) {
            self.objects.insert(id, Known { shape, object: None });
        }
        standing.extend(new);
        self.values.insert(place, standing);
        Ok(())
    }

    fn standing(&self, object: Option<Id>, key: &str) -> Result<Vec<Id>, Fault> {
        match object {
            None => self.seen(&ROOT, key),
            Some(id) => match self.objects.get(&id).and_then(|known| known.object.as_ref()) {
                Some(object) => self.seen(object, key),
                None => Ok(Vec::new()),
            },
        }
    }

    /// Puts the character `id` behind `after`, or at the beginning.
    pub(super) fn insert(&mut self, text: Id, after: Option<Id>, id: Id, max: usize) -> Result<(), Fault> {
        let characters = self.characters(text);
        rule(after.is_none_or(|after| characters.seen.contains(&after)), "unknown character")?;
        characters.seen.insert(id);
        characters.max = Some(max);
        Ok(())
    }

    pub(super) fn delete(&mut self, text: Id, character: Id) -> Result<(), Fault> {
        rule(self.characters(text).seen.remove(&character), "unknown character")
    }

    fn characters(&mut self, text: Id) -> &mut Characters {
        let object = self.objects.get(&text).and_then(|known| known.object.as_ref());
        self.texts.entry(text).or_insert_with(|| {
            let seen = object.map(|object| {
                let items = self.doc.list_range_at(object, .., self.deps);
                items.filter_map(|item| Id::of_object(&item.id())).collect()
            });
            Characters { seen: seen.unwrap_or_default(), max: None }
        })
    }

    /// No text that the change added to is longer than its field allows.
    pub(super) fn lengths(&self) -> Result<(), Fault> {
        let fits = |text: &Characters| text.max.is_none_or(|max| text.seen.len() <= max);
        rule(self.texts.values().all(fits), "a text that is too long")
    }
}
