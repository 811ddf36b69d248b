// Why a number is what it is, unfolding down to the cell of the source file.
import { useMemo, useState } from 'preact/hooks';
import { rowsOf, textOf, type Row } from '../api/table';
import type { Table } from '../api/types';
import { number, digitsFor, stateText, unit } from '../format';
import { useText } from '../i18n';
import { Link } from '../state/router';
import { Icon } from './Icon';

interface Node {
  row: Row;
  children: Node[];
}

function build(table: Table): Node[] {
  const nodes = new Map<string, Node>();
  const roots: Node[] = [];
  for (const row of rowsOf(table)) {
    const node = { row, children: [] };
    nodes.set(textOf(row.id), node);
    const parent = nodes.get(textOf(row.parent));
    (parent ? parent.children : roots).push(node);
  }
  return roots;
}

/** Values come as text, in full precision; people read them rounded. */
function readable(text: string, unitText: string, lang: 'zh' | 'en'): string {
  const value = Number(text);
  if (text === '' || Number.isNaN(value)) return text;
  const digits = unitText === '%' || unitText === '百分点' ? 2 : unitText ? digitsFor(value) : Math.abs(value) < 10 && !Number.isInteger(value) ? 4 : digitsFor(value);
  return number(value, digits, lang);
}

/** The page of the value itself: the server looks the cell up again, for this reader. */
function cellHref(row: Row): string {
  const place = new URLSearchParams({ file: textOf(row.file), column: textOf(row.column), row: textOf(row.row) });
  return `/enterprises/${encodeURIComponent(textOf(row.subject))}/${encodeURIComponent(textOf(row.label_en))}?${place}`;
}

function Leaf({ row }: { row: Row }) {
  const { t, lang } = useText();
  const kind = textOf(row.kind);
  const value = textOf(row.value);
  const state = textOf(row.state);
  const note = textOf(row.note);
  const subject = textOf(row.subject);
  const label = lang === 'zh' ? textOf(row.label) : textOf(row.label_en) || textOf(row.label);
  const file = textOf(row.file);
  let name = <span class="why-label">{label}</span>;
  if (kind === 'subject' && subject) name = <Link class="why-label" href={`/enterprises/${subject}`}>{label}</Link>;
  if (kind === 'group' && /^\d{6}$/.test(subject)) name = <Link class="why-label" href={`/counties/${subject}`}>{label}</Link>;
  return (
    <>
      {name}
      <span class="why-value">
        {value ? (
          <>
            <b title={value}>{readable(value, textOf(row.unit), lang)}</b> <small>{unit(textOf(row.unit), lang)}</small>
          </>
        ) : null}
        {state ? <em class="st"> {stateText(state, lang)}</em> : null}
      </span>
      {file ? (
        <Link class="why-cell" href={cellHref(row)}>
          <Icon name="file" size={14} /> {file}
          {textOf(row.sheet) ? ` · ${textOf(row.sheet)}` : ''} · {t('columnLabel')}「{textOf(row.column)}」 · {t('rowLabel')} {textOf(row.row)}
        </Link>
      ) : null}
      {note && !file ? <small class="muted">{note}</small> : null}
    </>
  );
}

function Branch({ node, level, openAll }: { node: Node; level: number; openAll: number }) {
  const [open, setOpen] = useState(openAll > 0 || (openAll === 0 && level < 2));
  const [seen, setSeen] = useState(openAll);
  if (seen !== openAll) {
    setSeen(openAll);
    setOpen(openAll > 0 ? true : level < 1);
  }
  const kind = textOf(node.row.kind);
  const label = textOf(node.row.label);
  return (
    <li class={`why-node k-${kind}`}>
      <div class="why-line">
        {node.children.length ? (
          <button type="button" class="fold" aria-expanded={open} aria-label={label} onClick={() => setOpen(!open)}>
            <Icon name={open ? 'down' : 'right'} size={14} />
          </button>
        ) : (
          <span class="fold" aria-hidden="true" />
        )}
        <Leaf row={node.row} />
      </div>
      {open && node.children.length ? (
        <ul>
          {node.children.map((c) => (
            <Branch key={textOf(c.row.id)} node={c} level={level + 1} openAll={openAll} />
          ))}
        </ul>
      ) : null}
    </li>
  );
}

export function WhyTree({ table }: { table: Table }) {
  const { t } = useText();
  const roots = useMemo(() => build(table), [table]);
  const [openAll, setOpenAll] = useState(0);
  return (
    <div class="why">
      <div class="table-tools">
        <button type="button" class="quiet" onClick={() => setOpenAll((n) => Math.abs(n) + 1)}>
          {t('expandAll')}
        </button>
        <button type="button" class="quiet" onClick={() => setOpenAll((n) => -Math.abs(n) - 1)}>
          {t('collapseAll')}
        </button>
      </div>
      <ul class="why-tree">
        {roots.map((n) => (
          <Branch key={textOf(n.row.id)} node={n} level={0} openAll={openAll} />
        ))}
      </ul>
    </div>
  );
}
