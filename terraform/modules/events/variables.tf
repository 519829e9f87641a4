variable "name" {
  description = "What the names of all resources begin with."
  type        = string
}

variable "bucket" {
  description = "The bucket that is the store."
  type        = string
}

variable "key_arn" {
  description = "The key that encrypts the topic and the queues."
  type        = string
}

variable "functions" {
  description = "The functions that are deployed: their ARNs and names, by name."
  type = map(object({
    arn  = string
    name = string
  }))
}

variable "timeouts" {
  description = "How many seconds each of the functions that are deployed may take, by name. Queues are made by this alone, for the functions' roles name the queues."
  type        = map(number)
}

variable "job_queue" {
  description = "The ARN of the AWS Batch queue of fine-tuning jobs, whose ends campaigns wait for."
  type        = string
}

variable "quiet_seconds" {
  description = "For how long a model must have been as it is before it starts a campaign; at most 900."
  type        = number
  default     = 60
}

variable "step_receives" {
  description = "How often a step is tried. One that runs out of time goes on from its checkpoint when it is tried again."
  type        = number
  default     = 40
}

variable "concurrency" {
  description = "How many calls of one function there may be at a time, 2 to 1000."
  type        = number
  default     = 50
}

variable "dead_letter_queue" {
  description = "The queue of events that could not be delivered: its ARN and URL."
  type = object({
    arn = string
    url = string
  })
}

variable "email" {
  description = "Who is told of verdicts, alarms and costs; nobody where it is null."
  type        = string
  default     = null
}
