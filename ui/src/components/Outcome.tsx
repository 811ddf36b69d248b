// What a policy answers for an enterprise: a shape, a colour and a word.
const shapes: Record<string, [string, string, string]> = {
  符合: ['●', 'green', 'meets'],
  不符合: ['■', 'red', 'fails'],
  待补: ['○', 'grey', 'incomplete'],
  待人工: ['▲', 'yellow', 'by hand'],
  已符合: ['●', 'green', 'meets'],
  免申即享: ['●', 'green', 'without asking'],
  差一项: ['▲', 'yellow', 'one short'],
};
import { useText } from '../i18n';

export function Outcome({ word }: { word: string }) {
  const { lang } = useText();
  const known = shapes[word];
  if (!known) return <>{word}</>;
  return (
    <span class={`light ${known[1]}`}>
      <span aria-hidden="true">{known[0]}</span> {lang === 'zh' ? word : known[2]}
    </span>
  );
}
