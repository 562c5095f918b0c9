package upstream

import (
	_ "embed" // for the wording
	"fmt"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

//go:embed wording.yaml
var wordingFile []byte

// wording holds what an import writes in our words.
type wording struct {
	// IDs holds the ids of operations that share theirs with another one, by route.
	IDs map[string]string `yaml:"ids"`
	// Effects holds the effects that do not follow from the method, by id.
	Effects map[string]string `yaml:"effects"`
	// Summaries holds the summaries of operations whose name makes a wrong or clumsy sentence, by id.
	Summaries map[string]string `yaml:"summaries"`
}

func readWording() (wording, error) {
	var w wording
	if err := yaml.Unmarshal(wordingFile, &w); err != nil {
		return wording{}, fmt.Errorf("cannot read the wording: %w", err)
	}
	return w, nil
}

// summary returns the written summary of an operation, or one made from its name: "Pauses a media buy."
func (w wording) summary(op *operation) string {
	if s := w.Summaries[op.id]; s != "" {
		return s
	}
	parts := nameWords(op.id)
	verb, noun := parts[0], strings.Join(parts[1:], " ")
	if noun == "" {
		return upperFirst(thirdPerson(verb)) + "."
	}
	switch verb {
	case "list":
		return "Lists the " + noun + ofParent(op, noun) + "."
	case "get":
		if strings.HasSuffix(op.path, "}") {
			return "Returns one " + noun + "."
		}
		return "Returns the " + noun + ofParent(op, noun) + "."
	case "update", "patch":
		verb = "change"
	case "put":
		verb = "replace"
	default:
	}
	return upperFirst(thirdPerson(verb)) + " " + article(noun) + "."
}

// nameWords splits an operation id into words, in lower case except for names and abbreviations.
func nameWords(id string) []string {
	var all []string
	from := 0
	for i, r := range id {
		if i > 0 && unicode.IsUpper(r) && !unicode.IsUpper(rune(id[i-1])) {
			all = append(all, id[from:i])
			from = i
		}
	}
	all = append(all, id[from:])
	for i, w := range all {
		lower := strings.ToLower(w)
		switch lower {
		case "ai", "esa", "gam", "iu", "pdf", "url":
			all[i] = strings.ToUpper(w)
		case "oauth":
			all[i] = "OAuth"
		default:
			all[i] = lower
		}
	}
	return all
}

// ofParent names the resource that a list or a part belongs to, unless the noun already does.
func ofParent(op *operation, noun string) string {
	segments := strings.Split(op.path, "/")
	for i := len(segments) - 1; i > 0; i-- {
		if !strings.HasPrefix(segments[i], "{") {
			continue
		}
		parent := strings.Join(nameWords(camel(singular(segments[i-1]))), " ")
		if strings.Contains(noun, parent) {
			return ""
		}
		return " of " + article(parent)
	}
	return ""
}

// article puts an article before a noun in the singular.
func article(noun string) string {
	switch {
	case singular(noun) != noun:
		return noun
	case strings.ContainsRune("aeioAEIO", rune(noun[0])):
		return "an " + noun
	default:
		return "a " + noun
	}
}

func thirdPerson(verb string) string {
	if consonant, ok := strings.CutSuffix(verb, "y"); ok && !strings.HasSuffix(consonant, "a") {
		return consonant + "ies"
	}
	if strings.HasSuffix(verb, "sh") || strings.HasSuffix(verb, "ch") || strings.HasSuffix(verb, "ss") {
		return verb + "es"
	}
	return verb + "s"
}
