export { wordnetThesaurus } from './wordnet/wordnet-thesaurus.ts'
export type { WordnetThesaurusOptions } from './wordnet/wordnet-thesaurus.ts'
