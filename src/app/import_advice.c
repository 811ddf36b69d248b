/*
 * What a sender or a clerk can do about a finding, by its rule.
 */
#include "app/import_report.h"

static const struct {
    const char *rule, *zh, *en;
} hints[] = {
    { "ambiguous", "表头对得上不止一项:用 --map 表头=数据项 指明",
      "the header fits several items: say which with --map HEADER=ITEM" },
    { "balance", "请报送单位核对这一行的平衡关系", "ask the sender to check this row's balance" },
    { "code-conflict", "名称和代码指的不是同一项:改其一再报",
      "name and code mean different items: correct one of them" },
    { "column", "不要就不用管;要收就加 --map 表头=数据项",
      "nothing to do, or take it with --map HEADER=ITEM" },
    { "companion", "请企业说明;在说明之前按待核收",
      "ask the enterprise; taken as in doubt until then" },
    { "damaged", "请报送单位重新导出(UTF-8 或 GBK),不要手改",
      "ask the sender to export again as UTF-8 or GBK" },
    { "date", "把这一列的单元格格式设为日期再存", "format the column's cells as dates" },
    { "duplicate", "同一单位只留一行再报", "keep one row for each unit and send again" },
    { "empty-column", "没有这个数请填 缺报 或 不适用;列改了名请改回来",
      "write 缺报 or 不适用 where there is none; put a renamed column back" },
    { "file", "检查权限和路径,再导入一次", "check permissions and path, and import again" },
    { "form", "加 --form 指明按哪种报表读", "say with --form which form it is" },
    { "format", "另存为 XLSX 或 CSV 再报", "save as XLSX or CSV and send again" },
    { "formula", "在表格软件里打开、重算、保存后再报",
      "open it in a spreadsheet, recalculate, save and send again" },
    { "header", "补上缺的列,或用 --map 表头=数据项 指明",
      "add the missing column, or say with --map HEADER=ITEM" },
    { "hidden", "隐藏的行若不该报,请删掉再报", "delete hidden rows that should not count" },
    { "incomplete", "改好退回的那一行,同一单位的各行一并发回",
      "correct the row that went back and send all rows of the unit" },
    { "indicator", "指标名称要与数据项、指标或它们的别名一致",
      "use the name or id of an item or indicator" },
    { "jump", "属实就不用管;不属实请报送单位更正",
      "if true, nothing; if not, ask for a correction" },
    { "name-differs", "核对是否改名;改名请更新企业名录", "if renamed, update the register" },
    { "near-name", "核对是不是同一家;程序不会自动合并",
      "check whether they are one; never merged" },
    { "negative", "请报送单位核对符号;冲减请在下期报", "ask the sender to check the sign" },
    { "period", "加 --period 指明期间", "say the period with --period" },
    { "same-account", "请来表单位说明:几块表就写上表号,重报就只留一行",
      "ask the sender: name the meters if there are several, keep one row if it was sent twice" },
    { "shape", "检查这一行的逗号和引号,或另存为 XLSX 再报",
      "check the separators and quotes of this row, or send XLSX" },
    { "subject", "核对代码;新企业先进企业名录,或加 --new-subjects",
      "check the code; enter new units by a register, or with --new-subjects" },
    { "sum", "请报送单位核对合计与各行", "ask the sender to check the total against its rows" },
    { "twice", "两份只留一份对的再导入;history 里两个数都在",
      "keep the right one of the two; both numbers stay in history" },
    { "unit", "在表头或单位行写明计量单位,例如 万元", "write the unit into the header, e.g. 万元" },
    { "unit-suspect", "核对计量单位;确认无误再加 --confirm-units 导入",
      "check the unit; if it is right, import with --confirm-units" },
    { "uscc", "请企业按营业执照核对 18 位代码,按文本格式填",
      "check the 18 characters against the licence; store them as text" },
    { "value", "按「应为」改这一格,把退回文件改好发回",
      "correct the cell as expected and send the returned file again" },
    { "variant", "按能源目录核对代码和名称", "check code and name against the list" },
    { "year-ago", "核对上年同期口径;两次报的不同,都留着",
      "check the basis; both figures are kept" },
};

const char *fd_import_advice(const char *rule, int severity, fd_lang lang)
{
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
        if (strcmp(hints[i].rule, rule) == 0)
            return lang == FD_ZH ? hints[i].zh : hints[i].en;
    if (severity < (int)FD_FAULT)
        return "";
    return lang == FD_ZH ? "改好后把退回文件发回" : "correct it and send the returned file again";
}
