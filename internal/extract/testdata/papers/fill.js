// Running text for the test papers: whole sentences, the same ones each time.
const sentences = {
  en: ["The samples were kept at room temperature for two days before they were measured.", "This is not what earlier work on the subject would lead one to expect.", "We repeated each run five times and report the median of the results.", "Most of the difference comes from a small number of large values.", "It has been known for a long time that the two quantities grow together.", "Further tests with other materials are needed before this can be said in general."],
  de: ["Die Proben wurden zwei Tage lang bei Raumtemperatur gelagert und danach gemessen.", "Das ist nicht das, was man nach den früheren Arbeiten erwarten würde.", "Jeder Versuch wurde fünfmal wiederholt, und wir geben den Median der Ergebnisse an.", "Es ist seit langer Zeit bekannt, dass die beiden Größen miteinander wachsen.", "Der größte Teil des Unterschieds kommt von einer kleinen Zahl großer Werte."],
  fr: ["Les échantillons ont été conservés pendant deux jours à la température ambiante.", "Ce n'est pas ce que les travaux antérieurs laissaient attendre.", "Nous avons répété chaque essai cinq fois et nous donnons la médiane des résultats.", "On sait depuis longtemps que les deux quantités croissent ensemble dans la plupart des cas."],
  es: ["Las muestras se conservaron durante dos días a temperatura ambiente antes de la medida.", "Esto no es lo que los trabajos anteriores hacían esperar.", "Repetimos cada ensayo cinco veces y damos la mediana de los resultados.", "Desde hace mucho tiempo se sabe que las dos cantidades crecen juntas."],
  ru: ["Образцы хранились в течение двух дней при комнатной температуре и затем были измерены.", "Это не то, чего можно было ожидать на основании более ранних работ.", "Каждый опыт был повторён пять раз, и мы приводим медиану результатов."],
  zh: ["样品在室温下保存两天后进行测量，结果与以前的研究不同。", "每个实验重复五次，本文给出结果的中位数。", "大部分差异来自少数较大的数值，这一点早已为人所知。"],
  ja: ["試料は測定の前に二日間室温で保存された。", "それぞれの実験を五回繰り返し、結果の中央値を示す。"],
};
for (const p of document.querySelectorAll("[data-fill]")) {
  const [language, count] = p.dataset.fill.split(" ");
  const from = sentences[language];
  const unspaced = language === "zh" || language === "ja";
  let text = "", n = 0;
  for (let i = 0; n < Number(count); i++) {
    const sentence = from[(i * 7 + 3) % from.length];
    text += (text && !unspaced ? " " : "") + sentence;
    n += unspaced ? sentence.length / 2 : sentence.split(" ").length;
  }
  p.append(text);
}
