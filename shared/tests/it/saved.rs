//! What a person saved on their phone.

use proptest::prelude::*;
use shared::ids::RecordId;
use shared::saved::{FOLDER_CHARS_MAX, NO_NAME, changed, folders, holds, places, put, remove, restore, unnamed};

fn id(byte: u8) -> RecordId {
    RecordId([byte; 16])
}

#[test]
fn places_go_into_folders_and_out_again() {
    let mut saved = String::new();
    for line in [put(id(1), "", "Quai"), put(id(2), "lundi", "Refuge"), put(id(1), "  lundi ", "Quai")] {
        saved = changed(&saved, &line);
    }
    assert!(holds(&saved, id(1)) && holds(&saved, id(2)) && !holds(&saved, id(3)));
    let kept = places(&saved);
    assert_eq!(kept.iter().map(|place| place.name.as_str()).collect::<Vec<_>>(), ["Quai", "Refuge"], "each in its place");
    assert_eq!(folders(&kept), ["lundi"]);
    let saved = changed(&saved, &remove(id(1)));
    assert_eq!(places(&saved).len(), 1);
    assert_eq!(changed(&saved, &remove(id(9))), saved, "what is not saved cannot be removed");
}

#[test]
fn what_was_removed_comes_back_to_where_it_was() {
    let saved = [put(id(1), "", "Quai"), put(id(2), "lundi", "Refuge"), put(id(3), "", "Foyer")].join("\n");
    for byte in 1..=3 {
        let back = restore(&saved, id(byte));
        let without = changed(&saved, &remove(id(byte)));
        assert_eq!(changed(&without, &back), saved);
        assert_eq!(changed(&saved, &back), saved, "another tab brought it back already");
    }
    assert_eq!(changed(&saved, &restore(&saved, id(9))), saved, "what was never saved cannot be brought back");
    // The one behind it went as well.
    let without = changed(&changed(&saved, &remove(id(1))), &remove(id(2)));
    assert_eq!(changed(&without, &restore(&saved, id(1))), [put(id(3), "", "Foyer"), put(id(1), "", "Quai")].join("\n"));
    // It was saved again meanwhile, elsewhere: once is enough.
    let again = changed(&changed(&saved, &remove(id(1))), &put(id(1), "mardi", "Quai"));
    assert_eq!(places(&changed(&again, &restore(&saved, id(1)))).len(), 3);
}

#[test]
fn what_cannot_be_read_is_passed_over() {
    let saved = changed("??\tx\ty\n\n", &put(id(1), "", "Quai"));
    assert_eq!(places(&saved).len(), 1);
}

#[test]
fn a_place_that_is_gone_loses_its_name_and_nothing_else() {
    let saved = [put(id(1), "lundi", "Quai"), put(id(2), "", "Refuge"), put(id(3), "mardi", "Foyer")].join("\n");
    let kept = unnamed(&saved, |record| record == id(2));
    let expected = [put(id(1), "lundi", NO_NAME), put(id(2), "", "Refuge"), put(id(3), "mardi", NO_NAME)];
    assert_eq!(kept, expected.join("\n"));
    assert_eq!(unnamed(&kept, |record| record == id(2)), kept);
    assert_eq!(unnamed("", |_| false), "");
}

proptest! {
    /// Whatever a name or a folder holds, nothing else changes.
    #[test]
    fn names_and_folders_never_spill(folder in "\\PC{0,60}|[\t\n\r a]{0,9}", name in "\\PC{0,60}|[\t\n\r a]{0,9}") {
        let before = changed("", &put(id(1), "one", "first"));
        let saved = changed(&before, &put(id(2), &folder, &name));
        let kept = places(&saved);
        prop_assert_eq!(kept.len(), 2);
        prop_assert_eq!(&kept[0], &places(&before)[0]);
        prop_assert!(kept[1].folder.chars().count() <= FOLDER_CHARS_MAX);
        prop_assert_eq!(changed(&saved, &remove(id(2))), before);
    }
}
