// A chart: the library is loaded when the first one is shown, colours come from the style sheet.
import type { EChartsCoreOption } from 'echarts/core';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../components/Icon';
import { download, svgToPng } from '../export';
import { useText } from '../i18n';
import { usePrefs } from '../state/prefs';

export interface Palette {
  ink: string;
  muted: string;
  line: string;
  accent: string;
  second: string;
  up: string;
  down: string;
  grey: string;
  surface: string;
}

/** Colours of the present theme, read from the custom properties. */
function palette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const get = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: get('ink'),
    muted: get('muted'),
    line: get('line'),
    accent: get('accent'),
    second: get('second'),
    up: get('up'),
    down: get('down'),
    grey: get('grey'),
    surface: get('surface'),
  };
}

type Instance = ReturnType<(typeof import('./echarts'))['init']>;

export function Chart({
  name,
  label,
  height = 300,
  option,
}: {
  name: string;
  /** What the chart says, for readers who do not see it. */
  label: string;
  height?: number;
  option: (p: Palette) => EChartsCoreOption;
}) {
  const { t } = useText();
  const { theme } = usePrefs();
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<Instance | null>(null);
  const [ready, setReady] = useState(false);

  // Started after layout: a map in a box without height would throw.
  useEffect(() => {
    let gone = false;
    let observer: ResizeObserver | null = null;
    import('./echarts').then(({ init }) => {
      if (gone || !box.current) return;
      const made = init(box.current, null, { renderer: 'svg' });
      chart.current = made;
      observer = new ResizeObserver(() => made.resize());
      observer.observe(box.current);
      setReady(true);
    });
    return () => {
      gone = true;
      observer?.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    if (!ready) return;
    const draw = () => {
      const p = palette();
      chart.current?.setOption(
        {
          animation: false,
          // Double quotes would end the attribute of the drawing that is saved.
          textStyle: { color: p.ink, fontFamily: getComputedStyle(document.body).fontFamily.replace(/"/g, "'") },
          tooltip: { trigger: 'axis', confine: true, backgroundColor: p.surface, borderColor: p.line, textStyle: { color: p.ink } },
          aria: { enabled: true, label: { description: label } },
          ...option(p),
        },
        true,
      );
    };
    draw();
    const media = matchMedia('(prefers-color-scheme: dark)');
    media.addEventListener('change', draw);
    return () => media.removeEventListener('change', draw);
  }, [ready, option, theme, label]);

  const svg = () => decodeURIComponent((chart.current?.getDataURL({ type: 'svg' }) ?? '').replace(/^data:image\/svg\+xml;charset=UTF-8,/, ''));
  const png = async () => {
    const { clientWidth, clientHeight } = box.current as HTMLDivElement;
    download(`${name}.png`, await svgToPng(svg(), clientWidth, clientHeight), 'image/png');
  };
  return (
    <figure class="chart">
      <div ref={box} style={{ height: `${height}px` }} role="img" aria-label={label} />
      <figcaption class="chart-tools">
        <button type="button" class="quiet small" onClick={() => download(`${name}.svg`, svg(), 'image/svg+xml')}>
          <Icon name="download" size={14} /> {t('svg')}
        </button>
        <button type="button" class="quiet small" onClick={() => void png()}>
          <Icon name="download" size={14} /> {t('png')}
        </button>
      </figcaption>
    </figure>
  );
}
