/** A slider that says its value; asking is the caller's, when it rests for a moment. */
export function Slider({ label, value, min, max, step, text, onChange }: { label: string; value: number; min: number; max: number; step: number; text: string; onChange: (v: number) => void }) {
  return (
    <label class="slider">
      <span>
        {label} <output>{text}</output>
      </span>
      <input type="range" min={min} max={max} step={step} value={value} aria-valuetext={text} onInput={(e) => onChange(Number(e.currentTarget.value))} />
    </label>
  );
}
