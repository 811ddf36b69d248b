// Taking tables and charts away.
import { numberOf, stateOf, textOf } from './api/table';
import type { Table } from './api/types';
import { stateText } from './format';
import type { Lang } from './state/prefs';

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** UTF-8 with a BOM, for Excel; numbers in full, states in words, units in the header. */
export function toCsv(table: Table, lang: Lang): string {
  const header = table.columns.map((c) => {
    const title = lang === 'zh' ? c.title.zh : c.title.en || c.title.zh;
    return quote(c.unit ? `${title}(${c.unit})` : title);
  });
  const lines = table.rows.map((cells) =>
    cells
      .map((cell) => {
        const state = stateOf(cell);
        if (state && Number.isNaN(numberOf(cell))) return stateText(state, lang);
        return quote(textOf(cell));
      })
      .join(','),
  );
  const notes = table.notes.map((n) => quote(`# ${lang === 'zh' ? n.zh : n.en}`));
  return `\ufeff${[header.join(','), ...lines, ...notes].join('\r\n')}\r\n`;
}

export function download(name: string, text: string | Blob, type: string): void {
  const blob = typeof text === 'string' ? new Blob([text], { type: `${type};charset=utf-8` }) : text;
  const a = document.createElement('a');
  a.href = URL.createObjectURL(blob);
  a.download = name;
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 10_000);
}

/** An SVG text as PNG of twice its size, on white paper. */
export async function svgToPng(svg: string, width: number, height: number): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * 2;
  canvas.height = height * 2;
  const c = canvas.getContext('2d') as CanvasRenderingContext2D;
  c.fillStyle = '#fff';
  c.fillRect(0, 0, canvas.width, canvas.height);
  c.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((b) => (b ? resolve(b) : reject(new Error('png'))), 'image/png'),
  );
}
