import './api/without-eval.ts';
import './design/index.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { createDesk } from './desk/desk.ts';

const root = document.getElementById('desk');
if (root === null) throw new Error('The page has no element called desk.');
render(<App desk={createDesk(window)} />, root);
