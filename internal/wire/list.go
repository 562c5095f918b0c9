package wire

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ListOptions limit and describe a page.
type ListOptions struct {
	Key       string // of the items; empty, or not in the response, means the array that holds objects
	MaxItems  int    // 0 is no limit
	MaxMemory int64  // bytes of the decoded items, each object being as large as the largest; 0 is no limit
	Bounded   bool   // the body and the items together obey the limit for other results, too
}

// ListResult is one page of a list.
type ListResult[T any] struct {
	Items []T
	Raw   []byte // the items as sent
	Page  Pagination
}

// TooManyItemsError reports a page with far more items than were requested.
type TooManyItemsError struct{ Items, Limit int }

func (e *TooManyItemsError) Error() string {
	return fmt.Sprintf("the page has more than %d items, which is far more than requested", e.Limit)
}

var errNoList = errors.New("the response holds no list")

// DecodeList reads one page of a list in any of the platform's shapes: an array, or an object that holds the array
// under the key, or under another name. Both limits are checked before the items are decoded. See [Decode] for the
// errors.
func DecodeList[T any](body []byte, opts ListOptions) (page ListResult[T], err error) {
	element := shapeOf(reflect.TypeFor[T]())
	l, err := findList(body, element, opts)
	page.Page, page.Raw = l.page, l.items
	if err != nil || l.items == nil {
		return page, err
	}
	items := make([]T, 0, l.count)
	if err := unmarshalItems(l.items, &items); err != nil {
		return page, err
	}
	page.Items = items
	return page, nil
}

// unmarshalItems decodes items into a slice that has room for them.
func unmarshalItems[T any](data []byte, items *[]T) error {
	if json.Unmarshal(data, items, strictOptions) == nil {
		return nil
	}
	clear((*items)[:cap(*items)])
	*items = (*items)[:0]
	return itemError(json.Unmarshal(data, items, liberalOptions))
}

// itemError names the item and the field that cannot be read.
func itemError(err error) error {
	var semantic *json.SemanticError
	if !errors.As(err, &semantic) {
		return cleanError(err)
	}
	index, field := semantic.JSONPointer, jsontext.Pointer("")
	for parent := index.Parent(); parent != ""; parent = parent.Parent() {
		index = parent
	}
	field = semantic.JSONPointer[len(index):]
	if field == "" {
		return fmt.Errorf("item %s cannot be read", index.LastToken())
	}
	return fmt.Errorf("item %s: %s cannot be read", index.LastToken(), describePath(field))
}

// list is where the items of a page are.
type list struct {
	items jsontext.Value // nil if the page has none
	count int
	page  Pagination
}

func findList(body []byte, element *shape, opts ListOptions) (l list, err error) {
	found, err := interpret(body, &shape{names: emptyShape.names, element: element}, opts.Key)
	l.page = found.page
	if err != nil {
		return l, err
	}
	switch found.payload.Kind() {
	case 'n':
		return l, nil
	case '[':
		l.items = found.payload
	case '{':
		if l.items, err = itemsIn(&found, element, opts.Key); err != nil {
			return l, err
		}
	default:
		if !found.enveloped {
			return l, &NotPlatformError{reason: errNoList.Error()}
		}
		return l, errNoList
	}
	if l.items != nil {
		l.count, err = checkItems(l.items, element, opts)
		if err == nil {
			limit := opts.MaxMemory
			if opts.Bounded {
				limit = decodeBudget(body)
			}
			err = element.checkDecoded(l.items, layoutOf(element.of).ofItems, limit)
		}
	}
	return l, err
}

// itemsIn finds the array of items in an object: the one under key, or else the only one of objects that can be items.
// Arrays of other things, such as warnings, may be next to it. A nil array is an empty list: some servers leave out
// an empty array beside a total of 0 or a cursor.
func itemsIn(found *interpretation, element *shape, key string) (items jsontext.Value, err error) {
	var (
		empty, missing jsontext.Value
		unusable       bool
	)
	walk := scanObject(found.payload)
	for walk.next() {
		name, value := walk.name, walk.value
		if string(name) == key && key != "" {
			switch value.Kind() {
			case '[':
				return value, nil
			case 'n':
				return nil, nil
			}
		}
		if _, reserved := memberKinds[string(name)]; reserved && string(name) != "data" {
			continue
		}
		switch {
		case value.Kind() == 'n':
			missing = value
		case value.Kind() != '[':
		case isEmptyValue(value):
			empty = value
		case items == nil && holdsItems(value, element):
			items = value
		default:
			unusable = true
		}
	}
	switch {
	case !walk.complete:
		return nil, ErrMalformed
	case items != nil:
		return items, nil
	case unusable:
		return nil, errNoList
	case empty != nil:
		return empty, nil
	case missing != nil, found.page.Total == 0, found.object.others == 0 && found.page.NextCursor != "":
		return nil, nil
	}
	return nil, errNoList
}

// holdsItems reports whether the first element of an array that is not null can be an item.
func holdsItems(array jsontext.Value, element *shape) bool {
	walk := scanArray(array)
	for walk.next() {
		first := walk.value
		if first.Kind() != 'n' {
			return canBe(first, element)
		}
	}
	return true
}

// canBe reports whether a value has a member that the item's type declares. Any value fits a type that accepts any.
func canBe(value jsontext.Value, element *shape) bool {
	if element.isOpen() {
		return true
	}
	if value.Kind() != '{' {
		return false
	}
	walk := scanObject(value)
	for walk.next() {
		name := walk.name
		if element.accepts(name) {
			return true
		}
	}
	return isEmptyValue(value)
}

// checkItems counts the items and refuses those that decoding would turn into empty items.
func checkItems(items jsontext.Value, element *shape, opts ListOptions) (count int, err error) {
	walk := scanArray(items)
	for walk.next() {
		i, item := walk.index, walk.value
		count = i + 1
		switch {
		case opts.MaxItems > 0 && count > opts.MaxItems:
			return count, &TooManyItemsError{Items: count, Limit: opts.MaxItems}
		case item.Kind() == 'n':
			return count, fmt.Errorf("item %d is null", i)
		case item.Kind() != '{' && len(element.names) > 0:
			return count, fmt.Errorf("item %d cannot be read", i)
		case item.Kind() == '{' && !canBe(item, element):
			return count, fmt.Errorf("item %d has none of the expected fields", i)
		}
	}
	if !walk.complete {
		return count, ErrMalformed
	}
	if opts.MaxMemory > 0 && int64(count) > opts.MaxMemory/max(element.largest, 1) {
		return count, ErrTooLarge
	}
	return count, element.checkMemory(items, opts.MaxMemory)
}

// LastID is the id of the last of some items, for lists that continue after it; empty when it has none.
func LastID(items []byte) string {
	var ids []struct {
		ID jsontext.Value `json:"id"`
	}
	if json.Unmarshal(items, &ids, strictOptions) != nil || len(ids) == 0 {
		return ""
	}
	return text(ids[len(ids)-1].ID)
}
