//! Types as lists of names. Each list is checked by the compiler: a field or variant that is
//! forgotten does not compile.

/// A struct as an object: `object!(Phone { number, kind: "type" });`.
macro_rules! object {
    ($type:ty { $($field:ident $(: $name:literal)?),+ $(,)? }) => {
        impl $crate::json::Json for $type {
            fn blank() -> Self {
                Self { $($field: $crate::json::Json::blank()),+ }
            }

            fn is_blank(&self) -> bool {
                $($crate::json::Json::is_blank(&self.$field))&&+
            }

            fn read(&mut self, json: &mut $crate::json::Reader<'_>) {
                fn needed<T: $crate::json::Json>(_: &T) -> u32 {
                    u32::from(T::NEEDED)
                }
                let mut seen = 0;
                json.object(&mut |json, name| {
                    $(
                        if name == $crate::json::name!($field $($name)?) {
                            seen += needed(&self.$field);
                            return $crate::json::Json::read(&mut self.$field, json);
                        }
                    )+
                    json.skip();
                });
                if seen < 0 $(+ needed(&self.$field))+ {
                    json.fail();
                }
            }

            fn write(&self, json: &mut String) {
                json.push('{');
                $($crate::json::write_field($crate::json::name!($field $($name)?), &self.$field, json);)+
                json.push('}');
            }
        }
    };
}

/// An enum without contents as a string: `names!(Stage { Shared: "shared", Waiting: "waiting" });`.
macro_rules! names {
    ($type:ty { $($variant:ident: $name:literal),+ $(,)? }) => {
        impl $crate::json::Json for $type {
            const NEEDED: bool = true;

            fn blank() -> Self {
                [$(Self::$variant),+][0]
            }

            fn read(&mut self, json: &mut $crate::json::Reader<'_>) {
                match &*json.string() {
                    $($name => *self = Self::$variant,)+
                    _ => json.fail(),
                }
            }

            fn write(&self, json: &mut String) {
                let name = match self {
                    $(Self::$variant => $name,)+
                };
                $crate::json::write_text(name, json);
            }
        }
    };
}

/// An enum with contents as `"name"` or `{"name": …}`; the first variant is the blank one:
/// `choice!(Answer { Done: "done", State(it): "state", Records { records }: "records" });`.
macro_rules! choice {
    ($type:ty {
        $($variant:ident $(($inner:ident))? $({ $($field:ident),+ })?: $name:literal),+ $(,)?
    }) => {
        impl $crate::json::Json for $type {
            const NEEDED: bool = true;

            fn blank() -> Self {
                $crate::json::first!($([$variant $(($inner))? $({ $($field),+ })?])+)
            }

            fn read(&mut self, json: &mut $crate::json::Reader<'_>) {
                json.choice(&mut |json, name| match name {
                    $($name => {
                        $(
                            let mut $inner = $crate::json::Json::blank();
                            $crate::json::Json::read(&mut $inner, json);
                        )?
                        $(
                            $(let mut $field = $crate::json::Json::blank();)+
                            json.object(&mut |json, name| match name {
                                $(stringify!($field) => $crate::json::Json::read(&mut $field, json),)+
                                _ => json.skip(),
                            });
                        )?
                        *self = Self::$variant $(($inner))? $({ $($field),+ })?;
                    })+
                    _ => json.fail(),
                });
            }

            fn write(&self, json: &mut String) {
                match self {
                    $(Self::$variant $(($inner))? $({ $($field),+ })? => {
                        $crate::json::contents!(json, $name $(, $inner)? $(, { $($field),+ })?);
                    })+
                }
            }
        }
    };
}

/// The first of the variants, blank.
macro_rules! first {
    ([$variant:ident] $($others:tt)*) => {
        Self::$variant
    };
    ([$variant:ident ($inner:ident)] $($others:tt)*) => {
        Self::$variant($crate::json::Json::blank())
    };
    ([$variant:ident { $($field:ident),+ }] $($others:tt)*) => {
        Self::$variant { $($field: $crate::json::Json::blank()),+ }
    };
}

/// A value that is a string in JSON, by its `FromStr` and `Display`.
macro_rules! text {
    ($type:ty, $blank:expr) => {
        impl $crate::json::Json for $type {
            const NEEDED: bool = true;

            fn blank() -> Self {
                $blank
            }

            fn read(&mut self, json: &mut $crate::json::Reader<'_>) {
                match json.string().parse() {
                    Ok(value) => *self = value,
                    Err(_) => json.fail(),
                }
            }

            fn write(&self, json: &mut String) {
                $crate::json::write_text(&self.to_string(), json);
            }
        }
    };
}

macro_rules! name {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $name:literal) => {
        $name
    };
}

/// What a variant holds, as JSON.
macro_rules! contents {
    ($json:ident, $name:literal) => {
        $crate::json::write_text($name, $json)
    };
    ($json:ident, $name:literal, { $($field:ident),+ }) => {
        $json.push('{');
        $crate::json::write_name($name, $json);
        $json.push('{');
        $($crate::json::write_field(stringify!($field), $field, $json);)+
        $json.push_str("}}");
    };
    ($json:ident, $name:literal, $inner:ident) => {
        $json.push('{');
        $crate::json::write_name($name, $json);
        $crate::json::Json::write($inner, $json);
        $json.push('}');
    };
}

pub(crate) use {choice, contents, first, name, names, object, text};
