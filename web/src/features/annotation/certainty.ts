/** How sure a guessed place is, in a word. `score` is from 0 to 1. */
export const certainty = (score: number): 'likely' | 'fair' | 'unsure' =>
  score >= 0.9 ? 'likely' : score >= 0.75 ? 'fair' : 'unsure';
