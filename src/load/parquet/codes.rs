//! A column chunk of codes, written with the dictionary that its rows have already.
//!
//! The library takes dictionaries apart: it hashes and compares the text of every row to make one of its own, which takes
//! longer than to write all other columns. Here a text is looked up once in a batch, and a row costs a small integer. What
//! comes out is what the Parquet format asks for: a page with the dictionary, then pages of indices into it.

use std::borrow::Cow;

use anyhow::{Context, Result};
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::Int32Type;
use bytes::Bytes;
use indexmap::IndexSet;
use parquet::basic::{Encoding, PageType};
use parquet::column::page::{CompressedPage, Page, PageWriteSpec, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::file::metadata::{ColumnChunkMetaData, OffsetIndexBuilder, PageEncodingStats};
use parquet::file::properties::DEFAULT_DATA_PAGE_ROW_COUNT_LIMIT as ROWS_OF_PAGE;
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;
use zstd::bulk::Compressor;

use crate::load::parquet::bounds::{self, Order};
use crate::load::parquet::{ZSTD_LEVEL, compression, hybrid};

/// The rows of a chunk.
pub struct Codes {
    column: ColumnDescPtr,
    /// What indices stand for, in the order in which they were seen.
    texts: IndexSet<Box<str>, foldhash::fast::RandomState>,
    /// For each row, the index of its text.
    rows: Vec<u32>,
}

/// Stands for null among indices.
pub const NULL: u32 = u32::MAX;

impl Codes {
    /// The first chunk of a column of texts.
    pub fn of(column: &ColumnDescPtr) -> Codes {
        Codes { column: column.clone(), texts: IndexSet::default(), rows: Vec::new() }
    }

    /// Adds rows.
    ///
    /// # Errors
    /// Where they are no dictionary of texts.
    pub fn push(&mut self, rows: &ArrayRef) -> Result<()> {
        let codes = rows.as_dictionary_opt::<Int32Type>();
        let texts = codes.and_then(|codes| codes.values().as_string_opt::<i32>());
        let (codes, texts) = codes.zip(texts).context("a dictionary of texts was expected")?;
        let (known, of_rows) = (&mut vec![NULL; texts.len()], &mut self.rows);
        of_rows.extend(codes.keys().iter().map(|key| {
            let Some(key) = key.map(|key| key as usize) else { return NULL };
            if known[key] == NULL {
                known[key] = index_of(texts.value(key), &mut self.texts);
            }
            known[key]
        }));
        Ok(())
    }

    /// The chunk's bytes, and what a row group has to know of them. What comes after begins another one.
    ///
    /// # Errors
    /// Only where a rule of the format is broken.
    pub fn end(&mut self) -> Result<(Bytes, ColumnCloseResult)> {
        let chunk = self.chunk();
        self.texts.clear();
        self.rows.clear();
        chunk
    }

    fn chunk(&self) -> Result<(Bytes, ColumnCloseResult)> {
        let (mut bytes, mut zstd) = (TrackedWrite::new(Vec::new()), Compressor::new(ZSTD_LEVEL)?);
        let mut writer = SerializedPageWriter::new(&mut bytes);
        let mut write = |page: &[u8], of: &dyn Fn(Bytes) -> Page| -> Result<PageWriteSpec> {
            let compressed = of(zstd.compress(page)?.into());
            Ok(writer.write_page(CompressedPage::new(compressed, page.len()))?)
        };
        let mut pages = vec![write(&self.dictionary(), &|buf| Page::DictionaryPage {
            buf,
            num_values: self.texts.len() as u32,
            encoding: Encoding::PLAIN,
            is_sorted: false,
        })?];
        for rows in self.rows.chunks(ROWS_OF_PAGE) {
            pages.push(write(&self.indices(rows), &|buf| Page::DataPage {
                buf,
                num_values: rows.len() as u32,
                encoding: Encoding::RLE_DICTIONARY,
                def_level_encoding: Encoding::RLE,
                rep_level_encoding: Encoding::RLE,
                statistics: None,
            })?);
        }
        Ok((bytes.into_inner()?.into(), self.described(&pages)?))
    }

    /// The texts as the plain encoding has them: each behind its length.
    fn dictionary(&self) -> Vec<u8> {
        let plain = |text: &str| [&(text.len() as u32).to_le_bytes(), text.as_bytes()].concat();
        self.texts.iter().flat_map(|text| plain(text)).collect()
    }

    /// The rows of a page: which of them have a text, where one may have none, and the indices of the texts.
    fn indices(&self, rows: &[u32]) -> Vec<u8> {
        let mut page = Vec::new();
        if self.column.max_def_level() > 0 {
            let levels: Vec<u32> = rows.iter().map(|row| u32::from(*row != NULL)).collect();
            let levels = hybrid::encoded(&levels, 1);
            page.extend_from_slice(&(levels.len() as u32).to_le_bytes());
            page.extend_from_slice(&levels);
        }
        let width = u32::BITS - (self.texts.len().saturating_sub(1) as u32).leading_zeros();
        page.push(width as u8);
        page.extend_from_slice(&hybrid::encoded(&not_null(rows), width));
        page
    }

    /// What a row group has to know of a chunk of these pages, the first of them the dictionary.
    fn described(&self, pages: &[PageWriteSpec]) -> Result<ColumnCloseResult> {
        let (dictionary, data) = pages.split_first().context("a chunk begins with its dictionary")?;
        let bounds = Order::of(&self.texts).bounds(&self.rows, ROWS_OF_PAGE);
        let size = |of: fn(&PageWriteSpec) -> usize| pages.iter().map(of).sum::<usize>() as i64;
        let counted = |page_type, encoding, count| PageEncodingStats { page_type, encoding, count };
        let metadata = ColumnChunkMetaData::builder(self.column.clone())
            .set_compression(compression()?)
            .set_encodings(vec![Encoding::PLAIN, Encoding::RLE, Encoding::RLE_DICTIONARY])
            .set_page_encoding_stats(vec![
                counted(PageType::DICTIONARY_PAGE, Encoding::PLAIN, 1),
                counted(PageType::DATA_PAGE, Encoding::RLE_DICTIONARY, data.len() as i32),
            ])
            .set_num_values(self.rows.len() as i64)
            .set_total_compressed_size(size(|page| page.compressed_size))
            .set_total_uncompressed_size(size(|page| page.uncompressed_size))
            .set_dictionary_page_offset(Some(dictionary.offset as i64))
            .set_data_page_offset(data.first().map_or(0, |page| page.offset as i64))
            .set_statistics(bounds::statistics(&bounds));
        let mut offsets = OffsetIndexBuilder::new();
        for page in data {
            offsets.append_row_count(i64::from(page.num_values));
            offsets.append_offset_and_size(page.offset as i64, page.compressed_size as i32);
        }
        Ok(ColumnCloseResult {
            bytes_written: pages.iter().map(|page| page.bytes_written).sum(),
            rows_written: self.rows.len() as u64,
            metadata: metadata.build()?,
            bloom_filter: None,
            column_index: Some(bounds::column_index(&bounds)?),
            offset_index: Some(offsets.build()),
        })
    }
}

/// The rows that have a text.
fn not_null(rows: &[u32]) -> Cow<'_, [u32]> {
    if rows.contains(&NULL) { rows.iter().copied().filter(|row| *row != NULL).collect() } else { rows.into() }
}

/// The index of a text, which may be new.
fn index_of(text: &str, texts: &mut IndexSet<Box<str>, foldhash::fast::RandomState>) -> u32 {
    let known = texts.get_index_of(text);
    known.unwrap_or_else(|| texts.insert_full(text.into()).0) as u32
}
