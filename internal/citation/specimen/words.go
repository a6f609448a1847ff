package specimen

import (
	"math/rand/v2"
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/citation/sequence"
)

func words(text string) []string { return strings.Fields(text) }

// lines are values with spaces in them.
func lines(text string) []string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

var (
	given    = sequence.GivenNames()
	families = words(`Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Thomas Moore Martin Jackson Thompson White Harris Clark Lewis Robinson Walker Young
		Allen King Wright Scott Hill Green Adams Baker Nelson Carter Mitchell Roberts Turner Phillips Campbell Parker Evans Edwards Collins Stewart Morris Murphy Cook Rogers Reed
		Bailey Bell Cooper Richardson Cox Howard Ward Peterson Gray James Watson Brooks Kelly Sanders Price Bennett Wood Barnes Ross Henderson Coleman Jenkins Perry Powell Long
		Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann
		Hartmann Lange Werner Krause Lehmann Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Scholz Möller Weiß Jung Hahn Vogel Friedrich Keller Günther Frank Berger Winkler
		Lorenz Baumann Franke Albrecht Schuster Simon Ludwig Böhm Krämer Vogt Stein Jäger Otto Sommer Groß Seidel Heinrich Brandt Haas Schreiber Graf Dietrich Ziegler Kuhn Pohl
		Dubois Durand Leroy Moreau Laurent Lefebvre Michel Garcia Bertrand Roux Vincent Fournier Morel Girard Mercier Dupont Lambert Bonnet Faure Rousseau Blanc Guérin Boyer
		García Martínez López Sánchez Pérez Gómez Fernández Moreno Jiménez Ruiz Hernández Díaz Muñoz Álvarez Romero Alonso Gutiérrez Navarro Torres Domínguez Vázquez Ramos Gil
		Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti Costa Giordano Mancini Rizzo Lombardi Moretti Silva Santos Oliveira Souza Pereira
		Hansen Johansen Olsen Larsen Andersen Pedersen Nilsen Kristiansen Jensen Karlsen Eriksson Johansson Svensson Nilsson Lindström Bergström Virtanen Korhonen Mäkinen Nieminen
		Ivanov Smirnov Kuznetsov Popov Vasiliev Petrov Sokolov Mikhailov Novikov Fedorov Morozov Volkov Kowalski Nowak Wiśniewski Wójcik Kamiński Lewandowski Zieliński Novák Svoboda
		Horváth Kovács Nagy Szabó Tóth Yılmaz Kaya Demir Papadopoulos Georgiou Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Luo Zheng Liang Xie Tang
		Kim Lee Park Choi Jeong Kang Cho Yoon Jang Lim Sato Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakamura Kobayashi Kato Yoshida Yamada Sasaki Matsumoto Inoue Kimura
		Nguyen Tran Pham Singh Kumar Sharma Gupta Patel Mehta Rao Iyer Banerjee Das Khan Ahmed Hussain O'Brien O'Connor O’Neill McDonald McCarthy MacLeod Fitzgerald D’Angelo
		García-Márquez Lloyd-Jones Smith-Miles Müller-Lüdenscheid Saint-Exupéry Lévi-Strauss Ben-David Al-Khalili`)
	particled = lines(`van den Berg
		van der Waals
		von Neumann
		von der Leyen
		de Boer
		de la Cruz
		del Río
		di Stefano
		da Silva
		dos Santos
		van Dijk
		ten Brink
		Van de Velde
		De Angelis
		Le Goff
		Von Humboldt
		Le Roux
		Della Porta
		St. John
		Abu Zayd`)

	nounsEnglish = words(`model theory analysis method system network language learning history culture state power market growth policy change risk climate energy water soil cell gene protein
		membrane receptor kinase tumor cancer therapy treatment trial patient disease infection virus vaccine brain memory attention emotion behavior identity gender class race religion
		ritual memory archive museum text narrative poetry novel drama music art image media film space time structure function form process pattern dynamics equation operator group
		algebra manifold topology geometry graph matrix tensor field particle quark boson neutrino galaxy star planet orbit atmosphere ocean glacier earthquake volcano rock mineral
		crystal polymer catalyst reaction synthesis molecule electron spin photon laser optics sensor robot algorithm code software data database query index search recommendation
		security privacy encryption protocol internet web user interface design education teaching student teacher school classroom curriculum assessment skill knowledge science
		technology innovation industry firm labor wage income inequality poverty welfare tax trade finance bank credit crisis inflation money government democracy election party
		parliament law court justice rights war peace conflict violence security border migration nation empire colony city village family household marriage child youth aging
		health nutrition diet obesity exercise sleep stress depression anxiety pain surgery imaging diagnosis species population ecology evolution selection mutation phylogeny habitat
		biodiversity forest fire river wetland agriculture crop plant insect bird fish mammal bacteria fungus enzyme pathway metabolism signal noise image classification regression
		inference estimation prediction optimization control simulation experiment measurement observation evidence uncertainty probability statistics survey review framework approach`)
	adjectivesEnglish = words(`new novel early late modern medieval ancient contemporary social political economic cultural historical global local national international comparative
		quantitative qualitative empirical theoretical computational experimental clinical molecular cellular neural cognitive human animal natural artificial deep statistical stochastic
		linear nonlinear random optimal efficient robust adaptive dynamic static open closed public private rural urban digital visual spatial temporal annual seasonal tropical arctic
		marine aquatic terrestrial genetic epigenetic immune metabolic chronic acute severe mild randomized controlled longitudinal cross-sectional large-scale high-resolution
		low-dimensional multi-agent data-driven evidence-based self-organizing real-time long-term short-term quantum classical relativistic thermal magnetic electronic optical`)
	gerundsEnglish = words(`understanding measuring modeling teaching learning rethinking exploring improving predicting estimating detecting mapping reading writing making building using
		towards assessing evaluating comparing integrating tracking designing managing governing imagining`)
	nounsGerman = words(`Geschichte Theorie Gesellschaft Kultur Sprache Literatur Philosophie Staat Recht Macht Politik Wirtschaft Markt Bildung Erziehung Schule Unterricht Wissenschaft
		Natur Technik Medien Kunst Musik Religion Kirche Glaube Aufklärung Moderne Mittelalter Antike Reformation Revolution Krieg Frieden Diktatur Demokratie Verfassung Verwaltung
		Stadt Land Raum Zeit Erinnerung Gedächtnis Identität Geschlecht Körper Arbeit Industrie Handel Migration Nation Reich Bürgertum Adel Bauern Quellen Urkunden Handschrift Roman
		Lyrik Drama Erzählung Begriff Begriffsgeschichte Hermeneutik Ästhetik Ethik Vernunft Freiheit Absicht Urteil Erkenntnis Erfahrung Wahrnehmung Untersuchungen Studien Beiträge
		Einführung Handbuch Grundlagen Überlegungen Grundriss Wandel Entwicklung Verhältnis Bedeutung Ursprung Krise Kritik Diskurs Struktur System Handlung Kommunikation Öffentlichkeit
		Strukturwandel Wissensgesellschaft Rechtsprechung Grundgesetz Sozialpolitik Klimawandel Energiewende Digitalisierung`)
	adjectivesGerman = words(`neue alte deutsche europäische soziale politische kulturelle moderne mittelalterliche frühe späte historische vergleichende empirische theoretische öffentliche
		literarische philosophische religiöse wirtschaftliche rechtliche kritische allgemeine besondere`)
	nounsFrench = words(`histoire théorie société culture langue littérature philosophie état droit pouvoir politique économie marché éducation école science nature technique art musique
		religion révolution guerre paix démocratie ville espace temps mémoire identité genre corps travail industrie commerce migration nation empire noblesse sources roman poésie
		critique discours structure communication santé maladie cerveau énergie climat`)
	adjectivesFrench = words(`nouvelle sociale politique culturelle moderne médiévale ancienne contemporaine française européenne économique historique comparée générale littéraire`)
	nounsSpanish     = words(`historia teoría sociedad cultura lengua literatura filosofía estado derecho poder política economía mercado educación escuela ciencia naturaleza técnica arte música
		religión revolución guerra paz democracia ciudad espacio tiempo memoria identidad género cuerpo trabajo industria comercio migración nación imperio fuentes novela poesía
		crítica discurso estructura comunicación salud enfermedad energía clima`)
	adjectivesSpanish = words(`nueva social política cultural moderna medieval antigua contemporánea española europea económica histórica comparada general literaria`)

	familiesRussian = words(`Иванов Петров Сидоров Кузнецова Смирнова Попов Волкова Соколов Лебедев Козлова Новиков Морозова Павлов Семенова Голубев Виноградов Богданова Воробьев`)
	givenRussian    = words(`Иван Петр Мария Анна Сергей Ольга Николай Елена Дмитрий Татьяна Андрей Владимир Юрий`)
	nounsRussian    = words(`теория история общество культура язык литература философия государство право власть политика экономика рынок образование наука техника искусство развитие метод анализ система модель структура исследование проблема`)
	ofRussian       = words(`общества культуры языка литературы государства права власти политики экономики образования науки техники искусства развития системы модели структуры России`)
	placesRussian   = words(`М. Москва СПб. Киев Минск Новосибирск`)
	housesRussian   = lines("Наука\nПросвещение\nМысль\nИзд-во МГУ\nЛогос")
	namesChinese    = words(`王伟 李强 张敏 刘洋 陈静 杨帆 赵磊 黄丽 周杰 吴刚 徐明 孙悦 马超 朱琳 胡军 郭涛`)
	nounsChinese    = words(`深度学习 神经网络 图像识别 经济增长 社会结构 文化传播 语言模型 数据分析 气候变化 教育改革 历史研究 量子计算 城市化 信息安全 知识图谱 蛋白质`)
	tailsChinese    = words(`综述 研究 方法 进展 分析 理论 应用 模型 的影响因素 的若干问题`)
	journalsChinese = words(`计算机学报 软件学报 自动化学报 中国科学 社会学研究 经济研究 历史研究 物理学报 教育研究 心理学报 中国社会科学`)
	placesChinese   = words(`北京 上海 广州 南京 武汉`)
	housesChinese   = words(`科学出版社 商务印书馆 清华大学出版社 人民出版社 高等教育出版社`)

	journalsWhole = lines(`Nature
		Science
		Cell
		The Lancet
		Lancet
		PLOS ONE
		PLoS ONE
		eLife
		mBio
		PeerJ
		BMJ
		JAMA
		Neuron
		Blood
		Gut
		Brain
		Ecology
		Evolution
		Genetics
		Bioinformatics
		Biometrika
		Econometrica
		Mind
		Noûs
		Synthese
		Isis
		Diogenes
		Merkur
		Daedalus
		Lingua
		Cognition
		Memory & Cognition
		Daedalus
		Speculum
		Hermes
		Daphnis
		Poetica
		Saeculum
		Representations
		Past & Present
		Annales. Histoire, Sciences Sociales
		Geschichte und Gesellschaft
		Historische Zeitschrift
		Leviathan
		Die Zeit
		Der Spiegel
		Frankfurter Allgemeine Zeitung
		The New York Times
		The Guardian
		Le Monde
		El País
		IEEE Access
		Physical Review Letters
		Proceedings of the National Academy of Sciences
		Proceedings of the National Academy of Sciences of the United States of America
		Proc. Natl. Acad. Sci. U.S.A.
		Proc Natl Acad Sci U S A
		New England Journal of Medicine
		N Engl J Med
		Nature Methods
		Nat. Commun.
		Nature Climate Change
		Annals of Mathematics
		Commun. ACM
		Communications of the ACM
		J. ACM
		Phys. Rev. Lett.
		Phys. Rev. D
		Phys Rev B
		J. Am. Chem. Soc.
		Angew. Chem. Int. Ed.
		Astrophys. J.
		ApJ
		MNRAS
		A&A
		J. Chem. Phys.
		Math. Ann.
		Trans. Amer. Math. Soc.
		Ann. of Math. (2)
		Fundamenta Mathematicae
		Nucleic Acids Res
		Trends in Cognitive Sciences
		WIREs Climate Change
		arXiv preprint
		Sustainability
		Entropy
		Sensors
		G3: Genes, Genomes, Genetics
		Journal of the American Statistical Association
		Journal of the Royal Statistical Society: Series B (Statistical Methodology)
		Journal of Statistical Software
		Journal of Open Source Software
		The Journal of Open Source Software
		The R Journal
		SIAM Review
		SIAM J. Sci. Comput.
		Computing in Science & Engineering
		IEEE Trans. Pattern Anal. Mach. Intell.
		IEEE Transactions on Information Theory
		ACM Computing Surveys
		Advances in Neural Information Processing Systems
		Lecture Notes in Computer Science`)
	publishersPlain = lines(`Springer
		Springer-Verlag
		Springer International Publishing
		Springer Nature
		Wiley
		John Wiley & Sons
		John Wiley; Sons
		Wiley-Blackwell
		Elsevier
		Academic Press
		North-Holland
		Routledge
		Taylor & Francis
		CRC Press
		Chapman & Hall/CRC
		Chapman and Hall
		Sage
		SAGE Publications
		Sage Publications, Inc.
		Cambridge University Press
		Oxford University Press
		Clarendon Press
		Harvard University Press
		MIT Press
		The MIT Press
		Princeton University Press
		University of Chicago Press
		University of California Press
		Yale University Press
		Stanford University Press
		Columbia University Press
		Duke University Press
		McGraw-Hill
		Pearson
		Pearson Education
		Addison-Wesley
		Prentice Hall
		Prentice-Hall, Inc.
		O'Reilly Media
		O’Reilly
		Packt Publishing Ltd
		Manning
		No Starch Press
		Penguin
		Basic Books
		W. W. Norton
		Norton
		Macmillan
		Palgrave Macmillan
		St. Martin's Press
		Polity Press
		Polity
		Verso
		Blackwell
		Basil Blackwell
		Edward Elgar
		Edward Elgar Publishing
		World Scientific
		IOS Press
		IEEE
		ACM
		Association for Computing Machinery
		ACM Press
		American Mathematical Society
		American Chemical Society
		SIAM
		Society for Industrial and Applied Mathematics
		AAAI Press
		Morgan Kaufmann
		Curran Associates
		Birkhäuser
		Kluwer Academic Publishers
		Kluwer
		Reidel
		Martinus Nijhoff
		Brill
		John Benjamins
		Mouton de Gruyter
		de Gruyter
		De Gruyter
		Walter de Gruyter
		Suhrkamp
		Suhrkamp Verlag
		Reclam
		S. Fischer
		Rowohlt
		Fink
		Wilhelm Fink
		Metzler
		J. B. Metzler
		C.H. Beck
		C. H. Beck
		Beck
		Mohr Siebeck
		Nomos
		Campus
		Campus Verlag
		transcript
		Böhlau
		Vandenhoeck & Ruprecht
		Franz Steiner Verlag
		Steiner
		Harrassowitz
		Niemeyer
		Winter
		Königshausen & Neumann
		Akademie Verlag
		VS Verlag für Sozialwissenschaften
		Springer VS
		Beltz
		Beltz Juventa
		Hogrefe
		Klett-Cotta
		Felix Meiner
		Carl Hanser
		Teubner
		Vieweg
		Duncker & Humblot
		Peter Lang
		LIT
		Waxmann
		Hermann
		Gallimard
		Éditions du Seuil
		Seuil
		Presses universitaires de France
		PUF
		Vrin
		Les Belles Lettres
		Armand Colin
		La Découverte
		Fayard
		Flammarion
		L'Harmattan
		Dunod
		Alianza
		Alianza Editorial
		Siglo XXI
		Fondo de Cultura Económica
		Cátedra
		Ariel
		Taurus
		Laterza
		Il Mulino
		Einaudi
		Feltrinelli
		Franco Angeli
		Human Kinetics
		Erlbaum
		Lawrence Erlbaum Associates
		American Psychological Association
		World Health Organization
		OECD Publishing
		National Academies Press
		Government Printing Office
		Jossey-Bass
		Guilford Press
		Freeman
		W.H. Freeman
		Sinauer
		Benjamin Cummings
		Plenum Press
		Pergamon
		Dover
		Univ. of Chicago Press
		R Foundation for Statistical Computing
		RStudio, Inc.
		Zenodo
		GitHub
		figshare`)
	places = lines(`London
		New York
		New York, NY
		New York, NY, USA
		Cambridge
		Cambridge, MA
		Cambridge, Mass.
		Cambridge, UK
		Oxford
		Boston
		Boston, MA
		Chicago
		Chicago, IL
		Princeton
		Princeton, NJ
		Philadelphia
		Washington, DC
		Washington, D.C.
		San Francisco
		San Francisco, CA
		Berkeley
		Berkeley, CA
		Los Angeles
		Stanford
		Thousand Oaks
		Thousand Oaks, CA
		Hoboken, NJ
		Hillsdale, NJ
		Mahwah, NJ
		Englewood Cliffs, NJ
		Upper Saddle River, NJ
		Reading, MA
		Baltimore
		Seattle, WA
		Berlin
		Berlin, Heidelberg
		Berlin / New York
		Berlin/Boston
		Heidelberg
		München
		Munich
		Frankfurt am Main
		Frankfurt a. M.
		Frankfurt/M.
		Hamburg
		Köln
		Stuttgart
		Stuttgart/Weimar
		Göttingen
		Tübingen
		Leipzig
		Darmstadt
		Wiesbaden
		Weinheim
		Bielefeld
		Opladen
		Paderborn
		Baden-Baden
		Wien
		Vienna, Austria
		Wien/Köln/Weimar
		Zürich
		Basel
		Bern
		Paris
		Lyon
		Bruxelles
		Genève
		Madrid
		Barcelona
		México
		México, D.F.
		Buenos Aires
		Roma
		Milano
		Torino
		Bologna
		Amsterdam
		Amsterdam, The Netherlands
		Dordrecht
		The Hague
		Leiden
		Stockholm
		Copenhagen
		Oslo
		Warszawa
		Moscow
		Tokyo
		Beijing
		Singapore
		Sydney
		Melbourne
		Toronto
		Vancouver, BC, Canada
		Chichester
		Harmondsworth
		Cheltenham, UK
		Norwell, MA
		Edinburgh
		Manchester
		Cham
		Cham, Switzerland`)
	bodies = lines(`World Health Organization
		World Bank
		The World Bank
		OECD
		UNESCO
		IPCC
		United Nations
		European Commission
		Europäische Kommission
		R Core Team
		RStudio Team
		R Development Core Team
		The pandas development team
		Python Software Foundation
		Jupyter Development Team
		NumPy Developers
		National Research Council
		National Science Foundation
		National Institute of Mental Health
		National Academies of Sciences, Engineering, and Medicine
		American Psychiatric Association
		American Psychological Association
		Statistisches Bundesamt
		Deutscher Bundestag
		Bundesministerium für Bildung und Forschung
		Bundesamt für Statistik
		Kultusministerkonferenz
		Deutsche Forschungsgemeinschaft
		Ministère de l'Éducation nationale
		Banco de España
		International Energy Agency
		International Organization for Standardization
		Centers for Disease Control and Prevention
		Food and Agriculture Organization
		European Space Agency
		EUMETSAT
		NASA
		ATLAS Collaboration
		The LIGO Scientific Collaboration
		Planck Collaboration
		Open Science Collaboration
		The Carpentries
		GBD 2019 Risk Factors Collaborators
		Project Jupyter
		Mozilla Foundation
		Google
		OpenAI
		GitHub, Inc.
		Pew Research Center
		Congressional Budget Office
		Society for Neuroscience`)
	schools = lines(`University of Michigan
		Stanford University
		Massachusetts Institute of Technology
		University of Oxford
		Universität Wien
		Freie Universität Berlin
		Universität zu Köln
		Ludwig-Maximilians-Universität München
		ETH Zürich
		Technische Universität Dresden
		Université Paris 1 Panthéon-Sorbonne
		Université de Genève
		Universidad Complutense de Madrid
		Universidad de Buenos Aires
		University of California, Berkeley
		Princeton University
		University of Edinburgh
		Georgia Institute of Technology
		Indiana University
		University of Toronto
		Uppsala University`)
	domains = words(`example.org github.com www.who.int cran.r-project.org www.nature.com www.zeit.de docs.python.org www.gutenberg.org en.wikipedia.org www.bmbf.de data.gov
		www.oecd.org arxiv.org www.jstor.org hal.science archive.org www.youtube.com medium.com www.lemonde.fr bookdown.org scikit-learn.org osf.io figshare.com zenodo.org`)
	topicsAbbreviated = words(`Phys. Chem. Biol. Math. Med. Comput. Eng. Sci. Soc. Psychol. Econ. Hist. Educ. Neurosci. Ecol. Genet. Mol. Cell. Clin. Appl. Anal. Stat. Environ. Mater. Opt. Astron. Geophys. Exp.
		Theor. Pure Nucl. Inorg. Org. Polym. Int. Amer. Lett. Rev. Surg. Immunol. Microbiol. Pharmacol. Philos. Linguist. Sociol. Polit.`)
)

// pick one of values.
func pick[T any](r *rand.Rand, values []T) T { return values[r.IntN(len(values))] }

func chance(r *rand.Rand, p float64) bool { return r.Float64() < p }

// madeUp is a word that stands in no list.
func madeUp(r *rand.Rand) string {
	onsets := words(`b c d f g h j k l m n p qu r s t v w x z br ch cl dr fl gr kl kr pl pr sch sh sk sl sp st str th tr zh`)
	vowels := words(`a e i o u a e i o ai au ei ie ou ö ü é á io`)
	codas := words(`n r s t l m nd rt st ng ck x ss lt _ _ _ _ _`)
	var out strings.Builder
	for range 2 + r.IntN(2) {
		out.WriteString(pick(r, onsets))
		out.WriteString(pick(r, vowels))
		if coda := pick(r, codas); coda != "_" {
			out.WriteString(coda)
		}
	}
	return out.String()
}
