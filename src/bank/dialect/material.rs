//! 材料: a heading with class `.材料` and its text; the level-3 headings under it are questions that keep together.

use crate::bank::{
    dialect::{
        Reader,
        attributes::{Attributes, Class},
        choices,
        ids::FREE_ID,
        mended, question,
        render::{Codes, Renderer},
        sections::{self, Section},
        sheet::Note,
    },
    question::Material,
};

/// Reads the shared text; None where an error keeps it, and so the questions on it, out.
pub(in crate::bank) fn read(
    reader: &mut Reader<'_>,
    section: &Section<'_, '_>,
    attributes: &Attributes,
    mark: usize,
) -> Option<Material> {
    let heading = reader.sheet.line_range(section.start);
    for (class, at) in &attributes.classes {
        if *class != Class::Material {
            reader.notes.push(Note::error(
                "class-misplaced",
                at.clone(),
                format!("材料不用“.{}”", class.chinese()),
                "这个标记写到材料下面的题目上",
            ));
        }
    }
    if attributes.id.is_none() {
        reader.notes.push(Note::error(
            "missing-id",
            heading.clone(),
            "这份材料没有编号",
            question::missing_id_help(
                &mended::headed(reader.sheet.slice(&heading), Some(".材料")).unwrap_or_default(),
            ),
        ));
    }
    let mut title = Renderer::new(reader, Codes::Plain);
    title.events(sections::inside(section.heading));
    let (_, title, _) = title.finish();
    if section.body.is_empty() {
        reader.notes.push(Note::error(
            "empty-material",
            heading,
            "材料标题下面没有材料的内容",
            "在标题下面空一行，写材料的文字，再用三级标题 ### 写题目",
        ));
    }
    check_choices(reader, section);
    let mut renderer = Renderer::new(reader, Codes::Forbidden);
    for block in section.body {
        renderer.events(block);
    }
    let (html, _, _) = renderer.finish();
    if reader.failed_since(mark) {
        return None;
    }
    Some(Material {
        id: attributes.id.clone()?,
        title,
        html,
    })
}

/// Choices right under a material belong to a question that has no stem.
fn check_choices(reader: &mut Reader<'_>, section: &Section<'_, '_>) {
    if let Some(list) = section
        .body
        .iter()
        .find(|block| choices::is_task_list(block))
    {
        let at = reader.sheet.line_range(sections::range(list).start);
        reader.notes.push(Note::error(
            "material-with-choices",
            at,
            "材料里直接写了选项，没有题干",
            format!(
                "在选项前面加一行三级标题作题干，例如：\n### 这户应当怎样处理？ {{#{FREE_ID} 难度=2}}"
            ),
        ));
    }
}
