//! A value or a list of values in a definition: `title = "A"` or `title = ["A", "B"]`. Read by hand, because an untagged
//! choice would lose the place of what is wrong in it.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer, StrDeserializer};
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// One value or several.
#[derive(Clone, Debug)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T> Default for OneOrMany<T> {
    fn default() -> OneOrMany<T> {
        OneOrMany(Vec::new())
    }
}

impl<'d, T: Deserialize<'d>> Deserialize<'d> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'d>>(toml: D) -> Result<OneOrMany<T>, D::Error> {
        toml.deserialize_any(OneOrManyVisitor(PhantomData))
    }
}

struct OneOrManyVisitor<T>(PhantomData<T>);

impl<'d, T: Deserialize<'d>> Visitor<'d> for OneOrManyVisitor<T> {
    type Value = OneOrMany<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one value or a list of them")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<OneOrMany<T>, E> {
        Ok(OneOrMany(vec![T::deserialize(StrDeserializer::new(text))?]))
    }

    fn visit_map<A: MapAccess<'d>>(self, map: A) -> Result<OneOrMany<T>, A::Error> {
        Ok(OneOrMany(vec![T::deserialize(MapAccessDeserializer::new(map))?]))
    }

    fn visit_seq<A: SeqAccess<'d>>(self, list: A) -> Result<OneOrMany<T>, A::Error> {
        Ok(OneOrMany(Vec::deserialize(SeqAccessDeserializer::new(list))?))
    }
}
