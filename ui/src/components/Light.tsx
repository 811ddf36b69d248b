// A light is a colour and a shape: ● green, ▲ yellow, ■ red, ○ grey.
import { useText, type Key } from '../i18n';

export type Color = 'green' | 'yellow' | 'red' | 'grey';

const shapes: Record<Color, string> = { green: '●', yellow: '▲', red: '■', grey: '○' };

/** The colour a server word means: 绿, green, "▲黄" …; null when it means none. */
export function colorOf(word: string | null | undefined): Color | null {
  if (!word) return null;
  if (/绿|green/i.test(word)) return 'green';
  if (/黄|yellow/i.test(word)) return 'yellow';
  if (/红|red/i.test(word)) return 'red';
  if (/灰|grey/i.test(word)) return 'grey';
  return null;
}

export function Light({ color, label }: { color: Color | null; label?: boolean }) {
  const { t } = useText();
  if (!color) return null;
  const name = t(color as Key);
  return (
    <span class={`light ${color}`}>
      <span aria-hidden="true">{shapes[color]}</span>
      {label ? ` ${name}` : <span class="sr">{name}</span>}
    </span>
  );
}

/** The sentence of a verdict without the colour that it begins with: the light beside it says that. */
export function reasonOf(sentence: string): string {
  return sentence.replace(/^(绿|黄|红|灰|green|yellow|red|grey)\s*[::]\s*/, '');
}
