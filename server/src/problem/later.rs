//! What the later stages refuse, as problems: one exhaustive mapping for each.

use crate::export::ExportError;
use crate::forms::FormUnfit;
use crate::odata::OdataError;
use crate::report::ReportError;
use crate::review::ReviewError;
use crate::store::StoreError;
use crate::territory::TerritoryError;
use crate::territory::plans::PlanError;
use schemas::finding::Severity;

use super::{Code, Problem};

impl From<ReviewError> for Problem {
    fn from(error: ReviewError) -> Self {
        match error {
            ReviewError::Access(error) => error.into(),
            ReviewError::ParkedUnknown => Code::ParkedUnknown.into(),
            ReviewError::ParkedForever => Code::ParkedForever.into(),
            ReviewError::RecordUnknown => Code::RecordUnknown.into(),
            ReviewError::RecordChanged => Code::RecordChanged.into(),
            ReviewError::ConflictUnknown => Code::ConflictUnknown.into(),
            ReviewError::CommentMissing => Code::CommentMissing.into(),
            ReviewError::CommentTooLong(most) => Self::new(Code::CommentTooLong).with("most", most),
            ReviewError::ValueUnfit(detail) => Self::new(Code::ValueUnfit).with("detail", detail),
            ReviewError::PairUnfit => Code::PairUnfit.into(),
            ReviewError::AlreadyMerged => Code::AlreadyMerged.into(),
            ReviewError::NothingToUndo => Code::NothingToUndo.into(),
            ReviewError::ConflictOpen => Code::ConflictOpen.into(),
            ReviewError::TooMany(most) => Self::new(Code::TooMany).with("most", most),
            ReviewError::NotTaken(reason) => Self::new(Code::DecisionNotTaken).with("reason", reason.code()),
            ReviewError::Store(error) => error.into(),
        }
    }
}

impl From<ExportError> for Problem {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Access(error) => error.into(),
            ExportError::Store(error) => error.into(),
            ExportError::KindUnknown(name) => Self::new(Code::ExportUnknown).with("name", name),
            ExportError::NoGeopoint(name) => Self::new(Code::NoGeopoint).with("name", name),
            ExportError::ReasonTooLong(most) => Self::new(Code::ReasonTooLong).with("most", most),
            ExportError::Io(error) => StoreError::from(error).into(),
            ExportError::GivenUp => Code::RequestTimeout.into(),
        }
    }
}

impl From<OdataError> for Problem {
    fn from(error: OdataError) -> Self {
        match error {
            OdataError::Unfit(detail) => Self::new(Code::OdataUnfit).with("detail", detail),
            OdataError::Unknown(name) => Self::new(Code::ExportUnknown).with("name", name),
            OdataError::TooMuch(detail) => Self::new(Code::OdataTooMuch).with("detail", detail),
            OdataError::Export(error) => error.into(),
            OdataError::Store(error) => error.into(),
        }
    }
}

impl From<ReportError> for Problem {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Access(error) => error.into(),
            ReportError::ReportUnknown(name) => Self::new(Code::ReportUnknown).with("name", name),
            ReportError::FigureUnknown(figure) => Self::new(Code::FigureUnknown).with("figure", figure),
            ReportError::QuestionUnfit(detail) => Self::new(Code::ParameterMalformed).with("detail", detail),
            ReportError::Sheet(detail) => Self::new(Code::FileFailed).with("detail", detail),
            ReportError::Store(error) => error.into(),
        }
    }
}

impl From<TerritoryError> for Problem {
    fn from(error: TerritoryError) -> Self {
        match error {
            TerritoryError::File {
                code,
                line,
                message: _,
            } => {
                let known = [
                    Code::TextNotUnicode,
                    Code::FileTooLarge,
                    Code::CsvMalformed,
                    Code::ColumnsMissing,
                ];
                let code = known
                    .into_iter()
                    .find(|known| known.name() == code)
                    .unwrap_or(Code::CsvMalformed);
                Self::new(code).with("line", line.unwrap_or(1))
            }
            TerritoryError::Rows(rows) => {
                let lines: Vec<String> = rows
                    .iter()
                    .take(20)
                    .map(|row| format!("{} ({})", row.line, row.code))
                    .collect();
                Self::new(Code::RowsUnfit)
                    .with("count", rows.len())
                    .with("lines", lines.join(", "))
            }
            TerritoryError::Tree(error) => Self::new(Code::UnitsContradict).with("detail", error),
            TerritoryError::Store(error) => error.into(),
        }
    }
}

impl From<FormUnfit> for Problem {
    fn from(error: FormUnfit) -> Self {
        let unfit = |detail: String| Self::new(Code::FormUnfit).with("detail", detail);
        match error {
            FormUnfit::NotAForm(detail) => unfit(detail),
            FormUnfit::Findings(findings) => {
                let broken = findings
                    .iter()
                    .filter(|finding| finding.severity == Severity::Error);
                let lines: Vec<String> = broken
                    .take(20)
                    .map(|finding| format!("{} ({})", finding.path, finding.code))
                    .collect();
                unfit(lines.join(", "))
            }
            FormUnfit::Store(error) => error.into(),
        }
    }
}

impl From<PlanError> for Problem {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::Unfit(detail) => Self::new(Code::PlanUnfit).with("detail", detail),
            PlanError::UnitUnknown(unit) => Self::new(Code::UnitUnknown).with("unit", unit),
            PlanError::Store(error) => error.into(),
        }
    }
}
