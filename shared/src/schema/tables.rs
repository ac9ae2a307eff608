//! The fields themselves, kind by kind.

use super::{Field, Key, Shape};
use crate::limits::*;

const fn field(name: &'static str, shape: Shape) -> Field {
    Field { name, shape }
}

/// A text per language that several people may write at once.
const fn prose(entry: &'static Shape) -> Shape {
    Shape::Each(Key::Language, entry)
}

const ORIGIN: Field = field("origin", Shape::Code(&["human", "machine"]));
/// The fingerprint of the source text that a translation was made from.
const SOURCE_HASH: Field = field("source_hash", Shape::Line(32));

const PROSE: Shape = Shape::Map(&[field("text", Shape::Prose(PROSE_CHARS_MAX)), ORIGIN, SOURCE_HASH]);
const BODY: Shape = Shape::Map(&[field("text", Shape::Prose(BODY_CHARS_MAX)), ORIGIN, SOURCE_HASH]);
const SHORT: Shape = Shape::Map(&[field("text", Shape::Line(LINE_CHARS_MAX)), ORIGIN, SOURCE_HASH]);
const FLAG: Shape = Shape::Flag;

const fn line(name: &'static str) -> Field {
    field(name, Shape::Line(LINE_CHARS_MAX))
}

const fn short(name: &'static str) -> Field {
    field(name, Shape::Line(SHORT_CHARS_MAX))
}

const fn link(name: &'static str) -> Field {
    field(name, Shape::Line(LINK_CHARS_MAX))
}

const fn flag(name: &'static str) -> Field {
    field(name, Shape::Flag)
}

const HOURS: Field = field("opening_hours", Shape::Block(HOURS_CHARS_MAX));
const DESCRIPTION: Field = field("description", prose(&PROSE));
const ASSURED_DATE: Field = field("assured_date", Shape::Date);

pub(super) const PLACE: &[Field] = &[
    line("name"),
    line("alternate_name"),
    DESCRIPTION,
    field("organization", Shape::Map(&[line("name"), DESCRIPTION, link("url"), line("email")])),
    field(
        "address",
        Shape::Map(&[
            line("address_1"),
            line("address_2"),
            short("city"),
            short("region"),
            short("postal_code"),
            short("country"),
        ]),
    ),
    field("address_visibility", Shape::Code(&["full", "area_only", "on_request"])),
    field("latitude", Shape::Decimal(-90.0, 90.0)),
    field("longitude", Shape::Decimal(-180.0, 180.0)),
    field("transportation", prose(&SHORT)),
    field("phones", Shape::Each(Key::Id, &PHONE)),
    line("email"),
    link("url"),
    HOURS,
    field("exceptions", Shape::Each(Key::Id, &EXCEPTION)),
    field("services", Shape::Each(Key::Id, &SERVICE)),
    field("access", Shape::Map(ACCESS)),
    field("saturation", Shape::Code(&["free", "busy", "full", "waiting_list"])),
    field("saturation_until", Shape::Moment),
    field("status", Shape::Code(&["active", "inactive", "defunct", "temporarily_closed"])),
    field("visibility", Shape::Code(&["public", "members"])),
    ASSURED_DATE,
    field("assured_method", Shape::Code(&["visit", "phone", "web", "structure"])),
    field("external_identifiers", Shape::Each(Key::Scheme, &Shape::Line(LINE_CHARS_MAX))),
    field("internal_note", Shape::Prose(PROSE_CHARS_MAX)),
];

const PHONE: Shape = Shape::Map(&[
    short("number"),
    field("type", Shape::Code(&["voice", "mobile", "fax", "text", "hotline"])),
    field("description", prose(&SHORT)),
    field("languages", Shape::Each(Key::Language, &FLAG)),
    field("channels", Shape::Each(Key::Code(&["call", "sms", "whatsapp", "signal", "telegram"]), &FLAG)),
]);

const EXCEPTION: Shape = Shape::Map(&[
    field("from", Shape::Date),
    field("to", Shape::Date),
    field("kind", Shape::Code(&["closed", "hours", "message"])),
    HOURS,
    field("text", prose(&SHORT)),
]);

const SERVICE: Shape = Shape::Map(&[
    field("category", Shape::Category),
    field("name", prose(&SHORT)),
    DESCRIPTION,
    HOURS,
    field("application_process", prose(&PROSE)),
    field("fees_description", prose(&SHORT)),
    field("eligibility_description", prose(&PROSE)),
    field("alert", prose(&SHORT)),
]);

const REQUIRED: Shape = Shape::Code(&["required", "helpful"]);
const SPOKEN: Shape = Shape::Code(&["native", "interpreter", "phone"]);

/// Who can come and how. Every value may be absent, which is *unknown* and never shown as "no".
const ACCESS: &[Field] = &[
    field("welcome", Shape::Code(&["unconditional", "preferential", "exclusive"])),
    flag("undocumented_ok"),
    field("id_check", Shape::Code(&["none", "name_only", "id_asked", "id_required"])),
    flag("data_shared_with_authorities"),
    field("entry", Shape::Code(&["walk_in", "appointment", "registration", "referral"])),
    field("cost", Shape::Code(&["free", "donation", "sliding", "paid"])),
    field("gender", Shape::Each(Key::Code(&["women", "men", "nonbinary"]), &FLAG)),
    field("family", Shape::Each(Key::Code(&["alone", "couple", "family", "pregnant", "minors"]), &FLAG)),
    field(
        "focus",
        Shape::Each(
            Key::Code(&[
                "refugees",
                "homeless",
                "addiction",
                "prison",
                "violence",
                "disability",
                "lgbtq",
                "students",
                "seniors",
                "sex_workers",
            ]),
            &FLAG,
        ),
    ),
    field("minimum_age", Shape::Whole(0, 120)),
    field("maximum_age", Shape::Whole(0, 120)),
    field("languages", Shape::Each(Key::Language, &SPOKEN)),
    field(
        "documents",
        Shape::Each(
            Key::Code(&[
                "identity",
                "proof_of_address",
                "income",
                "insurance_card",
                "medical_file",
                "photo",
                "referral_letter",
                "birth_certificate",
                "payslips",
            ]),
            &REQUIRED,
        ),
    ),
    field("wheelchair", Shape::Code(&["yes", "limited", "no"])),
    flag("remote"),
    flag("childcare"),
    flag("animals"),
    flag("luggage"),
    flag("anonymous"),
    flag("heated"),
    flag("cooled"),
];

pub(super) const PAGE: &[Field] = &[
    field("title", prose(&SHORT)),
    field("category", Shape::Category),
    field("steps", Shape::Each(Key::Id, &STEP)),
    field("body", prose(&BODY)),
    field("audience", prose(&SHORT)),
    field("sources", Shape::Each(Key::Id, &SOURCE)),
    flag("example"),
    field("position", Shape::Decimal(-1e9, 1e9)),
    field("visibility", Shape::Code(&["public", "members"])),
    field("status", Shape::Code(&["active", "inactive"])),
    ASSURED_DATE,
    field("internal_note", Shape::Prose(PROSE_CHARS_MAX)),
];

/// Steps are ordered by `position`, then by key; a step moved between two others takes the middle.
const STEP: Shape = Shape::Map(&[field("position", Shape::Decimal(-1e9, 1e9)), field("text", prose(&PROSE)), short("pictogram")]);

const SOURCE: Shape = Shape::Map(&[line("name"), link("url")]);

pub(super) const NOTICE: &[Field] = &[
    field("text", prose(&PROSE)),
    field("level", Shape::Code(&["info", "warning", "urgent"])),
    field("from", Shape::Moment),
    field("until", Shape::Moment),
    line("area"),
    field("visibility", Shape::Code(&["public", "members"])),
    field("status", Shape::Code(&["active", "inactive"])),
];

pub(super) const GUIDE: &[Field] = &[
    line("name"),
    field("slug", Shape::Line(40)),
    line("territory"),
    field("boundary", Shape::Outline(BOUNDARY_CHARS_MAX)),
    field("source_language", Shape::Line(35)),
    field("languages", Shape::Each(Key::Language, &FLAG)),
    line("fallback"),
    field("time_zone", Shape::Line(SHORT_CHARS_MAX)),
    field("country", Shape::Line(2)),
    field("categories", Shape::Each(Key::Category, &FLAG)),
    field("policy", Shape::Code(&["review", "direct"])),
    flag("second_person"),
    field("contact", Shape::Map(&[short("phone"), line("email"), link("url")])),
    field("attribution", Shape::Each(Key::Id, &ATTRIBUTION)),
];

/// Where imported facts come from and under which licence; shown wherever the guide is.
const ATTRIBUTION: Shape = Shape::Map(&[line("name"), link("url"), line("licence")]);
