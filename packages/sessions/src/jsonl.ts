export { jsonlStore, type JsonlStoreOptions } from './store/jsonl/jsonl-store.ts'
