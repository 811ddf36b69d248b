// A file to give, in the page's own language: the browser's control speaks the browser's.
import { useState } from 'preact/hooks';
import { useText } from '../i18n';

export function FilePick({ label, name, accept, required }: { label: string; name: string; accept: string; required?: boolean }) {
  const { t } = useText();
  const [chosen, setChosen] = useState('');
  return (
    <label>
      <span>{label}</span>
      <span class="file-pick">
        <input type="file" name={name} accept={accept} required={required} onChange={(e) => setChosen(e.currentTarget.files?.[0]?.name ?? '')} />
        <b>{t('fileChoose')}</b>
        <span class={chosen ? '' : 'muted'}>{chosen || t('fileNone')}</span>
      </span>
    </label>
  );
}
