package sandbox

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"
)

const (
	downloads  = "/downloads"
	reportFile = downloads + "/report.csv"
	// reportedDays is the time that a report can be.
	reportedDays = 1000
	exportLives  = 7 * 24 * time.Hour
)

// report is the range and the campaigns of the figures. Every campaign delivers every day, from the first record's
// day on.
type report struct {
	first, last time.Time
	campaigns   []int
	demo        bool // made-up figures
	expires     time.Time
}

// reportRules are the rules that involve more than one parameter.
func reportRules(_ *platform, c *call) []issue {
	start, startErr := parseTime(c.params["startDate"])
	end, endErr := parseTime(c.params["endDate"])
	_, days := c.params["days"]
	switch {
	case (startErr == nil) != (endErr == nil):
		return []issue{{Path: "startDate", Message: "goes with endDate"}}
	case startErr == nil && end.Before(start):
		return []issue{{Path: "endDate", Message: "is before startDate"}}
	case startErr == nil && end.Sub(start) > reportedDays*24*time.Hour:
		return []issue{{Path: "endDate", Message: "is too long after startDate"}}
	case startErr != nil && !days:
		return []issue{{Path: "days", Message: "is required without dates"}}
	}
	return nil
}

func getReport(p *platform, c *call) reply {
	r := report{last: c.now.Truncate(24 * time.Hour), first: recordsBegin}
	if start, err := parseTime(c.params["startDate"]); err == nil {
		r.first = start
		r.last, _ = parseTime(c.params["endDate"])
	} else if days := c.number("days", 0); days > 0 {
		r.first = r.last.AddDate(0, 0, 1-days)
	}
	download, _ := c.params["download"].(bool)
	r.demo, _ = c.params["demo"].(bool)
	for i := range campaigns.count(p.cfg) {
		if !r.demo && p.reports(c, i) {
			r.campaigns = append(r.campaigns, i)
		}
	}
	if r.demo {
		r.campaigns = []int{0, 1, 2} // whatever there is, and whatever was asked for
	}
	switch {
	case download:
		return p.export(c, r)
	case c.asked("view") == "timeseries":
		rep := p.cfg.respond(http.StatusOK, r.timeseries(p.cfg))
		rep.unchecked = r.days()*len(r.campaigns) > checkedRecords
		return rep
	default:
		rep := p.cfg.respond(http.StatusOK, r.summary(p.cfg, c.asked("displayCurrency")))
		rep.unchecked = len(r.campaigns) > checkedRecords
		return rep
	}
}

// named is the name of something in a report.
func (r report) named(k *kind, i int) string {
	if r.demo {
		return "Demo " + strings.ToLower(k.named(i))
	}
	return k.named(i)
}

// reports reports whether the parameters include a campaign.
func (p *platform) reports(c *call, i int) bool {
	if asked := c.asked("campaignId"); asked != "" {
		n, ok := campaigns.index(p.cfg, asked)
		return ok && n == i
	}
	if asked := c.asked("advertiserId"); asked != "" {
		n, ok := advertisers.index(p.cfg, asked)
		return ok && n == i%p.cfg.stride()
	}
	return true
}

func (r report) days() int { return max(int(r.last.Sub(r.first)/(24*time.Hour))+1, 0) }

// figures are those of so many days of a campaign. A campaign without clicks has no cost for one.
func figures(impressions, clicks int, spend float64) record {
	m := record{
		"impressions": impressions, "spend": spend, "clicks": clicks, "views": impressions / 2,
		"completedViews": impressions / 4,
		"conversions":    clicks / 10, "leads": 0, "videoCompletions": 0, "conversionValue": 0, "ecpm": nil, "cpc": nil,
		"ctr":            nil,
		"completionRate": 0.5, "cpa": nil, "roas": nil,
	}
	if impressions > 0 {
		m["ecpm"], m["ctr"] = spend/float64(impressions)*1000, float64(clicks)/float64(impressions)
	}
	if clicks > 0 {
		m["cpc"] = spend / float64(clicks)
	}
	return m
}

// delivery returns the delivery of campaign i in a number of days.
func delivery(i, days int) record {
	return figures(days*(1000+i%100), days*(i%7), float64(days)*(2.5+float64(i%10)/2))
}

// totals are the sums over all campaigns, with money at a rate of exchange.
func (r report) totals(rate float64) record {
	var impressions, clicks int
	var spend float64
	for _, i := range r.campaigns {
		m := delivery(i, r.days())
		impressions, clicks, spend = impressions+m["impressions"].(int), clicks+m["clicks"].(int), spend+m["spend"].(float64)
	}
	return figures(impressions, clicks, spend*rate)
}

func (r report) summary(c *config, display string) record {
	byAdvertiser := make([]record, 0)
	places := make(map[int]int)
	var parts []report
	for _, i := range r.campaigns {
		owner := i % c.stride()
		place, known := places[owner]
		if !known {
			place = len(parts)
			places[owner] = place
			parts = append(parts, report{first: r.first, last: r.last, demo: r.demo})
			byAdvertiser = append(byAdvertiser, record{
				"advertiserId": c.id(advertiserID(owner)), "advertiserName": r.named(advertisers, owner), "currency": currency,
			})
		}
		parts[place].campaigns = append(parts[place].campaigns, i)
	}
	for place, part := range parts {
		rows := make([]record, len(part.campaigns))
		for n, i := range part.campaigns {
			rows[n] = r.campaign(c, i)
		}
		byAdvertiser[place]["metrics"], byAdvertiser[place]["campaigns"] = part.totals(1), rows
	}
	answer := record{
		"advertisers": byAdvertiser, "totals": r.totals(1), "totalsCurrency": currency,
		"periodStart": r.first.Format(time.DateOnly), "periodEnd": r.last.Format(time.DateOnly),
	}
	if display != "" {
		answer["consolidated"] = r.consolidated(strings.ToUpper(display), byAdvertiser, parts)
	}
	return answer
}

// campaign is the row of a campaign, which has one media buy with one package.
func (r report) campaign(c *config, i int) record {
	figures := delivery(i, r.days())
	buy := record{
		"mediaBuyId": c.id(mediaBuys.id(i)), "name": r.named(mediaBuys, i), "status": "ACTIVE", "budget": 500,
		"metrics":              figures,
		"deliveryFxConversion": nil,
		"packages": []record{{
			"packageId": packageID(i), "productId": "prod_1001", "productName": "Product 1001", "metrics": figures,
		}},
	}
	if i%5 == 4 {
		buy["budget"] = nil
		buy["deliveryFxConversion"] = record{
			"fromCurrency": "EUR", "rate": 1.25, "asOfDate": recordsBegin.Format(time.DateOnly), "source": "snapshot",
		}
	}
	return record{
		"campaignId": c.id(campaigns.id(i)), "campaignName": r.named(campaigns, i), "management": "managed",
		"metrics": figures, "mediaBuys": []record{buy},
	}
}

func packageID(i int) string { return mediaBuys.id(i) + "_1" }

// displayRate is the price of a unit of the currency in other ones. Most have none.
func displayRate(display string) (rate float64, known bool) {
	switch display {
	case currency:
		return 1, true
	case "GBP":
		return 0.8, true
	default:
		return 0, false
	}
}

// consolidated is the sums in a currency. Without a rate, there are none of money.
func (r report) consolidated(display string, byAdvertiser []record, parts []report) record {
	rate, known := displayRate(display)
	totals, rates, unconverted := r.totals(rate), []record{}, []any{}
	switch {
	case !known:
		unconverted = append(unconverted, currency)
		for _, money := range [...]string{"spend", "conversionValue", "ecpm", "cpc", "cpa", "roas"} {
			totals[money] = nil
		}
	case display != currency:
		rates = append(rates, record{"pair": currency + display, "rate": rate})
	}
	spend := make([]record, len(byAdvertiser))
	for i, a := range byAdvertiser {
		spend[i] = record{"advertiserId": a["advertiserId"], "currency": currency, "spend": nil}
		if known {
			spend[i]["spend"] = parts[i].totals(rate)["spend"]
		}
	}
	return record{
		"totals": totals, "byAdvertiser": spend,
		"conversionInfo": record{
			"displayCurrency": display, "asOf": r.last.Format(time.DateOnly), "rateSource": "fx_rate_snapshots",
			"rateBasis": "as-of",
			"rates":     rates, "unconverted": unconverted, "estimate": true,
		},
	}
}

func (r report) timeseries(c *config) record {
	rows := make([]record, 0, r.days()*len(r.campaigns))
	for day := range r.days() {
		for _, i := range r.campaigns {
			owner := i % c.stride()
			rows = append(rows, record{
				"date":         r.first.AddDate(0, 0, day).Format(time.DateOnly),
				"advertiserId": c.id(advertiserID(owner)), "advertiserName": r.named(advertisers, owner), "currency": currency,
				"campaignId": c.id(campaigns.id(i)), "campaignName": r.named(campaigns, i), "management": "managed",
				"mediaBuyId": c.id(mediaBuys.id(i)), "mediaBuyName": r.named(mediaBuys, i), "mediaBuyStatus": "ACTIVE",
				"packageId": packageID(i), "productId": "prod_1001", "productName": "Product 1001", "metrics": delivery(i, 1),
			})
		}
	}
	return record{
		"timeseries": rows, "totals": r.totals(1), "totalsCurrency": currency,
		"periodStart": r.first.Format(time.DateOnly), "periodEnd": r.last.Format(time.DateOnly),
	}
}

// export stores a report for download. Its URL needs no credential.
func (p *platform) export(c *call, r report) reply {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	signature := hex.EncodeToString(b)
	r.expires = c.now.Add(exportLives)
	p.feed.mu.Lock()
	defer p.feed.mu.Unlock()
	p.feed.reports[signature] = r
	return p.cfg.respond(http.StatusOK, record{
		"downloadUrl": p.cfg.origin + reportFile + "?X-Signature=" + signature, "expiresAt": stamp(r.expires),
		"fileName": "report.csv", "rowCount": r.days() * len(r.campaigns),
	})
}

func isDownload(path string) bool {
	_, ok := cutPrefix(path, downloads)
	return ok
}

// inspectDownload keeps the signature out of the record, and finds credentials that were sent to where the platform's
// files are: another host.
func (x *exchange) inspectDownload() {
	x.s.recorder.update(x.rec, func(req *Request) { req.Query = nil })
	for _, name := range [...]string{
		"Authorization", "Proxy-Authorization", "X-Scope3-Api-Key", "X-Scope3-Seat-Id",
		"Cookie",
	} {
		if x.r.Header.Get(name) != "" {
			x.s.recorder.violate(x.rec, "download", []issue{{Path: name, Message: "was sent to another host"}})
		}
	}
}

// respondDownload responds like an object store: in XML, with 403 for every error.
func (x *exchange) respondDownload() reply {
	p := x.s.platform
	p.feed.mu.Lock()
	r, known := p.feed.reports[x.r.URL.Query().Get("X-Signature")]
	p.feed.mu.Unlock()
	if !known || x.r.Method != http.MethodGet || x.r.Header.Get("Authorization") != "" ||
		!x.s.cfg.now().Before(r.expires) {
		return reply{
			status: http.StatusForbidden, contentType: "application/xml", unchecked: true,
			body: []byte("<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"),
		}
	}
	return reply{status: http.StatusOK, contentType: "text/csv", unchecked: true, body: r.csv(p.cfg)}
}

func (r report) csv(c *config) []byte {
	var out bytes.Buffer
	out.WriteString("date,advertiser_id,campaign_id,impressions,clicks,spend,currency\n")
	for day := range r.days() {
		date := r.first.AddDate(0, 0, day).Format(time.DateOnly)
		for _, i := range r.campaigns {
			m := delivery(i, 1)
			fmt.Fprintf(&out, "%s,%v,%v,%d,%d,%.2f,%s\n", date, c.id(advertiserID(i%c.stride())), c.id(campaigns.id(i)),
				m["impressions"], m["clicks"], m["spend"], currency)
		}
	}
	return out.Bytes()
}
