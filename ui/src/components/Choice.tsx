// One of a few: links with an address each, so that back and reload keep the choice.
import { Link, useLocation, withQuery } from '../state/router';

export interface Option {
  value: string;
  text: string;
}

export function Choice({
  name,
  options,
  fallback,
  label,
}: {
  name: string;
  options: Option[];
  fallback: string;
  label: string;
}) {
  const { query } = useLocation();
  const now = query.get(name) ?? fallback;
  return (
    <div class="choice" role="group" aria-label={label}>
      {options.map((o) => (
        <Link
          key={o.value}
          replace
          href={withQuery({ [name]: o.value === fallback ? undefined : o.value })}
          aria-current={o.value === now ? 'true' : undefined}
        >
          {o.text}
        </Link>
      ))}
    </div>
  );
}

/** One of many: a list box whose choice is in the address. */
export function Pick({
  name,
  options,
  fallback,
  label,
}: {
  name: string;
  options: Option[];
  fallback: string;
  label: string;
}) {
  const { query } = useLocation();
  return (
    <label class="pick">
      <span>{label}</span>
      <select
        value={query.get(name) ?? fallback}
        onChange={(e) => {
          const value = e.currentTarget.value;
          history.replaceState(null, '', withQuery({ [name]: value === fallback ? undefined : value }));
          dispatchEvent(new PopStateEvent('popstate'));
        }}
      >
        {options.map((o) => (
          <option key={o.value} value={o.value}>
            {o.text}
          </option>
        ))}
      </select>
    </label>
  );
}
