// One box for everything with a name: enterprises, counties, chains, projects, indicators.
import { useEffect, useRef, useState } from 'preact/hooks';
import { read } from '../api/client';
import { rowsOf, textOf, type Row } from '../api/table';
import { useText } from '../i18n';
import { Link, navigate } from '../state/router';
import { useHasVerb } from '../state/session';
import { Icon } from './Icon';

export function subjectHref(kind: string, code: string): string {
  const c = encodeURIComponent(code);
  switch (kind) {
    case 'indicator':
      return `/indicators/${c}`;
    case 'county':
      return `/counties/${c}`;
    case 'chain':
      return `/matrix/${c}`;
    case 'project':
      return `/projects/${c}`;
    default:
      return `/enterprises/${c}`;
  }
}

export function SearchBox() {
  const { t, lang } = useText();
  const has = useHasVerb('search');
  const [text, setText] = useState('');
  const [rows, setRows] = useState<Row[]>([]);
  const [picked, setPicked] = useState(-1);
  const [open, setOpen] = useState(false);
  const asked = useRef('');

  useEffect(() => {
    const words = text.trim();
    asked.current = words;
    if (!has || words.length < 2) {
      setRows([]);
      return;
    }
    const timer = setTimeout(() => {
      read('search', { text: words, limit: 12, lang }).then(
        (a) => {
          if (asked.current !== words) return;
          setRows(rowsOf(a.tables[0]));
          setPicked(-1);
          setOpen(true);
        },
        () => setRows([]),
      );
    }, 120);
    return () => clearTimeout(timer);
  }, [text, has, lang]);

  const go = (row: Row) => {
    setText('');
    setOpen(false);
    navigate(subjectHref(textOf(row.kind), textOf(row.code)));
  };
  const key = (e: KeyboardEvent) => {
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault();
      const step = e.key === 'ArrowDown' ? 1 : -1;
      setPicked((p) => Math.max(-1, Math.min(rows.length - 1, p + step)));
    } else if (e.key === 'Escape') setOpen(false);
    else if (e.key === 'Enter') {
      e.preventDefault();
      const row = rows[picked < 0 ? 0 : picked];
      if (row && (picked >= 0 || rows.length === 1)) go(row);
      else if (text.trim()) {
        setOpen(false);
        navigate(`/enterprises?q=${encodeURIComponent(text.trim())}`);
      }
    }
  };

  const visible = open && rows.length > 0;
  return (
    <form class="search" role="search" onSubmit={(e) => e.preventDefault()}>
      <Icon name="search" size={16} />
      <input
        type="text"
        role="combobox"
        enterkeyhint="search"
        aria-expanded={visible}
        aria-controls="search-list"
        aria-autocomplete="list"
        aria-activedescendant={picked >= 0 ? `search-${picked}` : undefined}
        aria-label={t('search')}
        placeholder={t('search')}
        value={text}
        onInput={(e) => setText(e.currentTarget.value)}
        onKeyDown={key}
        onFocus={() => setOpen(true)}
        onBlur={() => setTimeout(() => setOpen(false), 150)}
      />
      <ul id="search-list" role="listbox" aria-label={t('searchShort')} hidden={!visible}>
        {rows.map((r, i) => (
          <li key={textOf(r.code)} id={`search-${i}`} role="option" aria-selected={i === picked}>
            <Link href={subjectHref(textOf(r.kind), textOf(r.code))} tabIndex={-1} onClickCapture={() => setText('')}>
              <span>{textOf(r.name)}</span>
              <small class="muted">
                {textOf(r.kind_name)} {textOf(r.detail)}
              </small>
            </Link>
          </li>
        ))}
      </ul>
    </form>
  );
}
