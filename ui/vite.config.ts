import { defineConfig } from 'vite';

// One entry, one late chunk for the charts. Nothing is inlined as data: or as a script, so that the
// server's content security policy needs no exception; file names carry the hash of their bytes.
export default defineConfig({
  base: '/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
    chunkSizeWarningLimit: 800,
    reportCompressedSize: true,
  },
  server: { port: 5173, proxy: { '/api': 'http://127.0.0.1:8600' } },
});
