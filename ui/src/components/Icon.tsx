// Line icons, 20 × 20, drawn here so that nothing is loaded.
const paths = {
  home: 'M3 9.5 10 4l7 5.5M5 8.5V16h10V8.5M8.5 16v-4h3v4',
  matrix: 'M3 3h14v14H3zM3 7.7h14M3 12.3h14M7.7 3v14M12.3 3v14',
  map: 'M3 5l4.5-1.5 5 2L17 4v11l-4.500 1.500-5-2L3 16zM7.500 3.500v11M12.500 5.500v11',
  links: 'M3 4h4v4H3zM3 12h4v4H3zM13 8h4v4h-4zM7 6l6 3.500M7 14l6-3.500',
  crane: 'M6 17V3.500M6 3.500h10.500M3.500 6.500 6 3.500M14 3.500v5M12.500 8.500h3v2.500h-3zM3.500 17h6',
  plot: 'M3 6.500 8 4l9 3.500v7.500l-5 2-9-3.500zM8 4v8.500M3 13.500l5-1 9 3',
  chart: 'M3 17h14M4 13l4-4 3 2.500L16.500 5',
  target: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 13.200a3.200 3.200 0 1 0 0-6.400 3.200 3.200 0 0 0 0 6.400Z',
  factory: 'M3 17V8l4.500 3V8l4.500 3V4h5v13ZM6 14h1.500M10 14h1.500M14 14h.5',
  scales: 'M10 3.500v13M6.500 16.500h7M4 6h12M4 6l-2 5h4zM16 6l-2 5h4z',
  tray: 'M3 11v5.500h14V11M3 11l2.500-7h9L17 11M3 11h4l1 2h4l1-2h4',
  paper: 'M5 3h7l3 3v11H5zM12 3v3h3M7.500 9.500h5M7.500 12.500h5',
  thread: 'M5 5.500a1.800 1.800 0 1 0 0-.01M15 15.500a1.800 1.800 0 1 0 0-.01M6.800 5.500H12a2.500 2.500 0 0 1 0 5H8a2.500 2.500 0 0 0 0 5h5.200',
  gear: 'M10 12.600a2.600 2.600 0 1 0 0-5.200 2.600 2.600 0 0 0 0 5.200ZM10 3v2M10 15v2M3 10h2M15 10h2M5 5l1.500 1.500M13.500 13.500 15 15M15 5l-1.500 1.500M6.500 13.500 5 15',
  check: 'M3.5 10.500l4 4 9-9',
  route: 'M4 16.500h5a3 3 0 0 0 0-6H8a3 3 0 0 1 0-6h6M11.500 2 14 4.500 11.500 7M4 15a1.500 1.500 0 1 0 0 3 1.500 1.500 0 0 0 0-3Z',
  menu: 'M3 5.500h14M3 10h14M3 14.500h14',
  close: 'M5 5l10 10M15 5 5 15',
  sun: 'M10 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM10 2.500v2M10 15.500v2M2.500 10h2M15.500 10h2M4.700 4.700l1.400 1.400M13.900 13.900l1.400 1.400M15.300 4.700l-1.400 1.400M6.100 13.900l-1.400 1.400',
  moon: 'M15.500 12.500A6.500 6.500 0 0 1 7.500 4.500a6.500 6.500 0 1 0 8 8Z',
  half: 'M10 3a7 7 0 1 0 0 14ZM10 3a7 7 0 0 1 0 14',
  printer: 'M6 7V3h8v4M6 14H3.500V7h13v7H14M6 12h8v5H6z',
  exit: 'M8 4H4v12h4M12 6.500 15.500 10 12 13.500M15.500 10H7.500',
  search: 'M9 14.500a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11ZM13 13l4 4',
  right: 'M8 5l5 5-5 5',
  down: 'M5 8l5 5 5-5',
  file: 'M5 3h7l3 3v11H5zM12 3v3h3',
  upload: 'M10 14V4M6 8l4-4 4 4M3.500 14v3h13v-3',
  download: 'M10 4v10M6 10l4 4 4-4M3.500 17h13',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={paths[name]} fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}
