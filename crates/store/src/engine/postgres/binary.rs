//! Values in PostgreSQL's binary formats: a column as an array, a cell as a single value.

use std::error::Error;

use bytes::{BufMut, BytesMut};
use tokio_postgres::types::{FromSql, IsNull, Kind, ToSql, Type};
use uuid::Uuid;

use crate::engine::columns::{Column, Packed};
use crate::engine::rows::Cell;

type Fault = Box<dyn Error + Sync + Send>;

/// A column goes out as a one-dimensional array of whatever the parameter's element type is.
impl ToSql for Column {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Fault> {
        let Kind::Array(element) = ty.kind() else {
            return Err(format!("a column is bound to {ty}").into());
        };
        match self {
            Self::Int(values) => array(out, element, values.len(), |row, out| {
                opt(values[row], out, |value, out| int(value, element, out))
            }),
            Self::Uuid(values) => array(out, element, values.len(), |row, out| {
                opt(values[row], out, |id, out| bytes(id.as_bytes(), out))
            }),
            Self::Text(packed) | Self::Bytes(packed) => {
                array(out, element, packed.len(), |row, out| {
                    opt(packed.get(row), out, bytes)
                })
            }
        }?;
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(ty.kind(), Kind::Array(_))
    }

    fn to_sql_checked(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Fault> {
        self.to_sql(ty, out)
    }
}

impl Packed {
    fn len(&self) -> usize {
        self.ends().len()
    }
}

/// The binary format of arrays: dimensions, whether there may be nulls, element type, length, lower bound, elements.
fn array(
    out: &mut BytesMut,
    element: &Type,
    length: usize,
    mut write: impl FnMut(usize, &mut BytesMut) -> Result<(), Fault>,
) -> Result<(), Fault> {
    out.put_i32(1);
    out.put_i32(1);
    out.put_u32(element.oid());
    out.put_i32(i32::try_from(length)?);
    out.put_i32(1);
    (0..length).try_for_each(|row| write(row, out))
}

fn opt<T>(
    value: Option<T>,
    out: &mut BytesMut,
    write: impl FnOnce(T, &mut BytesMut) -> Result<(), Fault>,
) -> Result<(), Fault> {
    match value {
        Some(value) => write(value, out),
        None => {
            out.put_i32(-1);
            Ok(())
        }
    }
}

fn bytes(value: &[u8], out: &mut BytesMut) -> Result<(), Fault> {
    out.put_i32(i32::try_from(value.len())?);
    out.put_slice(value);
    Ok(())
}

fn int(value: i64, ty: &Type, out: &mut BytesMut) -> Result<(), Fault> {
    out.put_i32(width(ty)?);
    put_int(value, ty, out)
}

fn width(ty: &Type) -> Result<i32, Fault> {
    match *ty {
        Type::BOOL => Ok(1),
        Type::INT2 => Ok(2),
        Type::INT4 => Ok(4),
        Type::INT8 => Ok(8),
        _ => Err(format!("a whole number is bound to {ty}").into()),
    }
}

fn put_int(value: i64, ty: &Type, out: &mut BytesMut) -> Result<(), Fault> {
    match *ty {
        Type::BOOL => out.put_u8(u8::from(value != 0)),
        Type::INT2 => out.put_i16(i16::try_from(value)?),
        Type::INT4 => out.put_i32(i32::try_from(value)?),
        _ => out.put_i64(value),
    }
    Ok(())
}

impl ToSql for Cell {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Fault> {
        match self {
            Self::Null => return Ok(IsNull::Yes),
            Self::Integer(value) => {
                width(ty)?;
                put_int(*value, ty, out)?;
            }
            Self::Uuid(value) => out.put_slice(value.as_bytes()),
            Self::Text(value) => out.put_slice(value.as_bytes()),
            Self::Bytes(value) => out.put_slice(value),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Fault> {
        self.to_sql(ty, out)
    }
}

impl<'a> FromSql<'a> for Cell {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Fault> {
        Ok(match *ty {
            Type::BOOL => Self::Integer(i64::from(raw.first() == Some(&1))),
            Type::INT2 => Self::Integer(i16::from_be_bytes(raw.try_into()?).into()),
            Type::INT4 => Self::Integer(i32::from_be_bytes(raw.try_into()?).into()),
            Type::INT8 => Self::Integer(i64::from_be_bytes(raw.try_into()?)),
            Type::UUID => Self::Uuid(Uuid::from_bytes(raw.try_into()?)),
            Type::BYTEA => Self::bytes_from(raw),
            Type::TEXT | Type::VARCHAR | Type::NAME => {
                Self::Text(std::str::from_utf8(raw)?.to_owned())
            }
            _ => return Err(format!("a value of the type {ty} is not expected").into()),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Fault> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
