// Title, breadcrumbs and actions of a page.
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { useText } from '../i18n';
import { Link } from '../state/router';
import { useSession } from '../state/session';

export interface Crumb {
  text: string;
  href?: string;
}

export function Page({
  title,
  crumbs,
  lead,
  actions,
  children,
}: {
  title: string;
  crumbs?: Crumb[];
  lead?: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
}) {
  const { t } = useText();
  const { session } = useSession();
  useEffect(() => {
    document.title = `${title} · ${session.city?.name ?? ''} · ${t('app')}`;
  }, [title, t]);
  return (
    <div class="page">
      {crumbs?.length ? (
        <nav class="crumbs" aria-label="breadcrumbs">
          <ol>
            {crumbs.map((c, i) => (
              <li key={i}>{c.href ? <Link href={c.href}>{c.text}</Link> : <span>{c.text}</span>}</li>
            ))}
          </ol>
        </nav>
      ) : null}
      <div class="head">
        <div>
          <h1>{title}</h1>
          {lead ? <p class="lead">{lead}</p> : null}
        </div>
        {actions ? <div class="actions">{actions}</div> : null}
      </div>
      {children}
    </div>
  );
}

export function Card({
  title,
  hint,
  actions,
  class: name = '',
  id,
  children,
}: {
  title?: ComponentChildren;
  hint?: ComponentChildren;
  actions?: ComponentChildren;
  class?: string;
  id?: string;
  children: ComponentChildren;
}) {
  return (
    <section class={`card ${name}`} id={id}>
      {title ? (
        <header class="card-head">
          <h2>{title}</h2>
          {hint ? <span class="muted small">{hint}</span> : null}
          {actions ? <div class="actions">{actions}</div> : null}
        </header>
      ) : null}
      {children}
    </section>
  );
}
