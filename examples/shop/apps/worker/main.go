// The worker asks the api for the stock and says what to order again.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"
)

const (
	interval = 5 * time.Second
	// What is left of a product before it is ordered again.
	lowStock = 5
)

type product struct {
	Name  string `json:"name"`
	Stock int    `json:"stock"`
}

func main() {
	client := &http.Client{Timeout: interval}
	url := os.Getenv("API_URL") + "/products"
	for {
		products, err := fetch(client, url)
		if err != nil {
			log.Printf("worker: %v", err)
		}
		for _, p := range products {
			if p.Stock < lowStock {
				log.Printf("worker: order %s, %d left", p.Name, p.Stock)
			}
		}
		time.Sleep(interval)
	}
}

func fetch(client *http.Client, url string) ([]product, error) {
	response, err := client.Get(url)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %s", url, response.Status)
	}
	var products []product
	return products, json.NewDecoder(response.Body).Decode(&products)
}
