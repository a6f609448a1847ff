package sequence

import "strings"

// Kinds of words that tell what stands beside them. A word has at most one.
var kinds = map[string]string{
	"month": `january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec
		januar februar märz mai juni juli oktober dezember okt dez janvier février mars avril juin juillet août septembre octobre novembre décembre
		enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre
		spring summer autumn winter fall`,
	"particle": `van von de der den del della di da do dos das du la le ter ten te zu zur zum af av el al bin ibn ben vom y e`,
	"and":      `and und et & with`,
	"editor":   `ed eds editor editors edited hg hrsg hgg herausgegeben herausgeber éd éds dir coord coords comp red edit editora éditeur éditeurs curatore curatori`,
	"by":       `by par por von`,
	"trans":    `trans transl translated translator übers übersetzt trad traduit traducción`,
	"volume":   `vol vols volume volumes bd bde band bände tome t tomo т vol. jg jahrgang jahrg v`,
	"issue":    `no nr num number numéro número núm heft h issue iss nos n fasc № 第 期`,
	"page":     `pp p pages page pg pgs s seiten seite pág págs ss с`,
	"in":       `in dans en`,
	"edition":  `edn edition aufl auflage édition ed. edición first second third fourth fifth sixth seventh 1st 2nd 3rd 4th 5th 6th 7th 8th 9th rev revised überarb erw`,
	"access":   `retrieved accessed access abgerufen zugriff aufgerufen eingesehen consulté consultado letzter zuletzt available verfügbar disponible visited online stand besucht cited`,
	"from":     `from at unter am on le el`,
	"etal":     `al others`,
	"journal": `journal j zeitschrift revue revista rivista review rev annals ann annales transactions trans. bulletin bull letters lett archiv archives arch quarterly magazine
		jahrbuch blätter acta advances adv gazette forum notices studies hefte monthly annual american european international biol phys chem math med sci`,
	"proceedings": `proceedings proc conference conf workshop symposium symp congress kongress tagung meeting sympos tagungsband actes actas lecture`,
	"publisher": `press verlag publishers publishing publications publisher éditions editorial editions edizioni books presses springer wiley elsevier routledge sage
		academic mcgraw-hill pearson cambridge oxford harvard macmillan palgrave blackwell birkhäuser gruyter suhrkamp reclam fink metzler beck mohr siebeck nomos campus
		transcript böhlau vandenhoeck ruprecht steiner harrassowitz winter gallimard seuil minuit puf vrin armand larcier dunod mit crc norton penguin sons inc ltd gmbh company co llc
		o'reilly packt apress manning addison-wesley prentice hall hogrefe beltz klett-cotta meiner hanser vieweg teubner nijhoff kluwer brill rodopi lang plenum freeman`,
	"body": `university universität université universidad università college institute institut institution department ministry ministerium committee commission agency office
		organization organisation association society gesellschaft council bureau centre center foundation team group project consortium collaboration network board bank
		laboratory academy akademie bundesamt bundesministerium national world united nations school faculty union federation authority unesco oecd who ipcc initiative`,
	"thesis":   `thesis dissertation diss phd ph.d habilitation habilitationsschrift doctoral master's masters masterarbeit doktorarbeit thèse tesis tesi msc bachelorarbeit unpublished`,
	"report":   `report bericht rapport informe technical tech working paper discussion white memorandum whitepaper preprint manual arbeitspapier standard rfc`,
	"software": `software version package computer program programm code library dataset data set github repository zenodo figshare dryad osf release`,
	"eprint":   `arxiv biorxiv medrxiv corr ssrn psyarxiv eprint chemrxiv`,
	"id":       `doi pmid pmcid isbn issn url urn hdl`,
	"press":    `forthcoming submitted appear n.d o.j s.d undated erscheint`,
	"place": `london paris berlin münchen munich frankfurt wien vienna zürich zurich basel bern leipzig hamburg köln cologne stuttgart göttingen tübingen heidelberg bonn dresden
		darmstadt wiesbaden weinheim opladen bielefeld paderborn mainz münster freiburg würzburg graz cambridge oxford york boston chicago princeton philadelphia washington
		amsterdam dordrecht leiden utrecht brussels bruxelles madrid barcelona rome roma milano torino bologna firenze lisbon lisboa tokyo kyoto beijing shanghai singapore
		hong kong sydney melbourne toronto montreal vancouver stockholm oslo copenhagen helsinki edinburgh glasgow manchester dublin baltimore berkeley stanford angeles francisco
		reading thousand oaks hoboken hillsdale mahwah englewood cliffs upper saddle river sebastopol redmond seattle austin haven ithaca bloomington durham lincoln urbana
		ma ny ca nj il uk usa dc germany austria france netherlands switzerland italy spain japan china australia england moscow moskva warszawa praha budapest`,
	"given": `john james robert michael william david richard thomas charles christopher daniel matthew anthony mark donald steven paul andrew joshua kenneth kevin brian george
		edward ronald timothy jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory frank alexander raymond patrick
		jack dennis jerry tyler aaron jose henry adam douglas nathan peter zachary kyle walter ethan jeremy harold keith christian roger noah gerald carl terry sean austin
		arthur lawrence jesse dylan bryan joe jordan billy bruce albert willie gabriel logan mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy
		betty margaret sandra ashley kimberly emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca sharon laura cynthia kathleen amy angela shirley anna
		brenda pamela emma nicole helen samantha katherine christine debra rachel carolyn janet catherine maria heather diane ruth julie olivia joyce virginia victoria kelly lauren
		christina joan evelyn judith megan andrea cheryl hannah jacqueline martha gloria teresa ann sara madison frances kathryn janice jean abigail alice julia judy sophia grace
		hans klaus jürgen günter wolfgang dieter horst manfred karl heinz uwe bernd jörg stefan martin ulrich sabine petra monika gisela ursula ingrid renate heike ute matthias
		friedrich wilhelm ludwig otto johann johannes georg ernst rudolf max anton josef franz heinrich gerhard helmut werner rainer reinhard rolf pierre jacques michel jean-pierre
		françois philippe louis claude bernard andré marcel rené luc antoine marie jeanne monique françoise isabelle nathalie sylvie carlos juan luis josé manuel antonio pedro
		francisco javier miguel ángel rafael fernando carmen ana isabel pilar giovanni giuseppe paolo marco luca andrea francesca giulia ivan sergei vladimir dmitri nikolai
		alexei mikhail olga natalia yuki hiroshi takashi kenji akira wei li ming xiao jing yan hui ying ahmed mohamed ali hassan fatima amir omar lars erik anders sven nils
		reinhart elinor natalie theodor niklas jan tim tom ben alan alfred anthony arnold axel barry benedict bernhard bertrand boris brigitte bruno burkhard carla caroline
		cecilia cesar charlotte claire clara clemens cornelia cornelius dagmar dan dana darren david deirdre denise derek detlef diana diego dirk dominik donna edith edgar eduard
		edwin eleanor elena elisabeth ellen elsa emil emilia enrico erich ernest esther eugen eva evan fabian felix fiona florian franziska frederick fritz gabriele gail gareth
		geoffrey gert gilles giorgio gordon graham greg guido gunther gustav harald hannes harriet harry hartmut hector hedwig helena helga henri henrik herbert hermann hilary howard
		hubert hugo ian ida ignacio igor immanuel ines inge irene iris irving jaime jana jane jens jill jo joachim joel johanna jon jonas jorge judith jürg kai karin katharina katja
		keiko kirsten klara konrad kristin kurt leo leon leonard leonie leopold liam lidia lorenz lothar lucia lucy luigi lydia maja manuela marc marcus margarete marianne mario
		marion markus marta mathias matteo maurice mauricio max maximilian melanie mia michał miriam mohammad moritz nadia nancy natalia nina nora norbert norman oliver oskar oswald
		pablo pascal patricia paula pauline phil pia rahel ralf ralph raphael raúl regina reinhold richard rita robin roland roman ron rosa rosemary roy ruben rudolph rupert sandro
		saul sebastian sergio sigrid silke silvia simon simone sonja sophie stefanie steffen stella steve stuart sue susanne svenja sylvia tamara tanja terence thea theresa thilo
		till tobias tomás toni tony ulla ursula uta valentin valerie vanessa vera verena veronika viktor vincent vivian volker walther wanda wendy werner wilfried willi wolfram
		xavier yves yvonne zoe`,
}

// kindOf is the kind of each word, in lower case.
var kindOf = func() map[string]string {
	out := map[string]string{}
	// A fixed order, for words that stand in several lists: the first one counts.
	for _, kind := range []string{
		"month", "and", "editor", "trans", "volume", "issue", "page", "in", "edition", "access", "etal", "id", "press",
		"thesis", "report", "software", "eprint", "journal", "proceedings", "publisher", "body", "particle", "by", "from", "place", "given",
	} {
		for word := range strings.FieldsSeq(kinds[kind]) {
			if _, taken := out[word]; !taken {
				out[word] = kind
			}
		}
	}
	return out
}()

// literal are words whose very letters are a feature: those that structure
// references in some language, and what titles are made of besides nouns.
var literal = func() map[string]bool {
	out := map[string]bool{}
	for _, kind := range []string{"editor", "volume", "issue", "page", "in", "edition", "access", "etal", "id", "thesis", "report", "software", "eprint", "journal", "proceedings", "publisher", "body"} {
		for word := range strings.FieldsSeq(kinds[kind]) {
			out[word] = true
		}
	}
	for word := range strings.FieldsSeq(`the a an of and for to from with on in by as at is are its their how why what when using toward towards der die das des dem den ein eine einer
		eines und zur zum im über für von mit auf aus bei als nach le la les des du une un et sur pour dans au aux el los las una y para con del por il lo gli della di e nel vs or
		not between into under through against beyond new jr sr ii iii iv inc ltd`) {
		out[word] = true
	}
	return out
}()

// GivenNames and Places are lists of words, for whoever makes references up.
func GivenNames() []string { return strings.Fields(kinds["given"]) }
