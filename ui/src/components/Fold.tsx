// A list that shows its first rows and, on demand, all of them: a phone is not a roll of paper.
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useText } from '../i18n';

const narrow = '(max-width: 600px)';

/** Whether the page is as wide as a phone; follows the window. Paper is never narrow. */
export function usePhone(): boolean {
  const [phone, setPhone] = useState(() => matchMedia(narrow).matches);
  useEffect(() => {
    const media = matchMedia(narrow);
    const read = () => setPhone(media.matches);
    media.addEventListener('change', read);
    return () => media.removeEventListener('change', read);
  }, []);
  return phone;
}

/** The first `top` items, then a button that opens and closes the rest. */
export function Fold({ items, top, class: name = 'list' }: { items: JSX.Element[]; top: number; class?: string }): ComponentChildren {
  const { t } = useText();
  const [open, setOpen] = useState(false);
  return (
    <>
      <ul class={name}>{open ? items : items.slice(0, top)}</ul>
      {items.length > top ? (
        <p class="list-rest">
          <button type="button" class="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? t('foldLess') : t('foldAll', { n: items.length })}
          </button>
        </p>
      ) : null}
    </>
  );
}
