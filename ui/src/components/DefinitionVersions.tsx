// The versions of a definition and what changed between two of them, line by line.
import { useState } from 'preact/hooks';
import { useVerb } from '../api/hooks';
import { rowsOf, textOf, type Row } from '../api/table';
import { useText } from '../i18n';
import { Await } from './States';

const signs: Record<string, string> = { '-': '−', '+': '+', ' ': ' ' };

function Diff({ id, from, to }: { id: string; from: string; to: string }) {
  const { t, both } = useText();
  const loaded = useVerb('ding diff', { id, from, to });
  return (
    <Await of={loaded} lines={4}>
      {(data) => (
        <>
          <p class="small" role="status">
            {both(data.message)}
          </p>
          <div class="diff" tabIndex={0} role="region" aria-label={t('versionDiff')}>
            {rowsOf(data.tables[0]).map((row, i) => {
              const op = textOf(row.op);
              return (
                <div key={i} class={op === '+' ? 'in' : op === '-' ? 'out' : 'same'}>
                  <span class="line">{textOf(row.old)}</span>
                  <span class="line">{textOf(row.new)}</span>
                  <span class="sign">{signs[op] ?? op}</span>
                  <span class="sr">{op === '+' ? t('lineIn') : op === '-' ? t('lineOut') : ''}</span>
                  <code>{textOf(row.text)}</code>
                </div>
              );
            })}
          </div>
        </>
      )}
    </Await>
  );
}

function Pick({ name, rows, value, onPick }: { name: string; rows: Row[]; value: string; onPick: (hash: string) => void }) {
  const { t } = useText();
  return (
    <label>
      <span>{name}</span>
      <select value={value} onChange={(e) => onPick(e.currentTarget.value)}>
        {rows.map((r) => (
          <option key={textOf(r.version)} value={textOf(r.hash)}>
            {t('versionOption', { n: textOf(r.version), snapshot: textOf(r.snapshot), by: textOf(r.by), hash: textOf(r.hash).slice(0, 8) })}
          </option>
        ))}
      </select>
    </label>
  );
}

function Compare({ id, rows }: { id: string; rows: Row[] }) {
  const { t } = useText();
  const [from, setFrom] = useState(textOf(rows[rows.length - 2]?.hash));
  const [to, setTo] = useState(textOf(rows[rows.length - 1]?.hash));
  return (
    <>
      <div class="inline-form">
        <Pick name={t('versionOld')} rows={rows} value={from} onPick={setFrom} />
        <Pick name={t('versionNew')} rows={rows} value={to} onPick={setTo} />
      </div>
      <Diff id={id} from={from} to={to} />
    </>
  );
}

export function DefinitionVersions({ id }: { id: string }) {
  const { t } = useText();
  const loaded = useVerb('ding history', { id });
  return (
    <Await of={loaded} lines={3}>
      {(data) => {
        const rows = rowsOf(data.tables[0]);
        return (
          <>
            <h4>{t('versionAll')}</h4>
            <ol class="versions">
              {rows.map((r) => (
                <li key={textOf(r.version)}>
                  {t('snapshot', { n: textOf(r.snapshot) })} · {textOf(r.time).replace('T', ' ').replace(/\..*/, '')} · {textOf(r.by)} · {textOf(r.file)} · <code class="small">{textOf(r.hash).slice(0, 12)}</code>
                </li>
              ))}
            </ol>
            {rows.length > 1 ? <Compare key={id} id={id} rows={rows} /> : <p class="muted">{t('versionOnly')}</p>}
          </>
        );
      }}
    </Await>
  );
}
